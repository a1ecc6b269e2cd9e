package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.series.LabelMatcher;
import io.firn.series.SeriesOption;
import io.firn.series.SeriesReader;
import io.firn.series.SeriesStore;
import io.firn.series.TimeRange;
import io.firn.series.TimestampUnit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that become samples of series, task by task. */
class SeriesTaskTest {
    @TempDir
    Path directory;

    private final SourceLog log = new SourceLog("m", 2);
    private final Map<String, Map<Long, Double>> model = new TreeMap<>();

    private TaskRig rig() {
        return new TaskRig(directory.resolve("archive"), log)
                .with("record.format", "series")
                .with("series.labels", SeriesDump.LABELS)
                .with("series.value", "value.load");
    }

    private void send(int partition, int host, long timestampMs, double value) {
        log.append(
                partition,
                log.endOffset(partition),
                SeriesDump.record(log.topic(), partition, host, timestampMs, value));
        SeriesDump.apply(model, partition, host, timestampMs, value);
    }

    private void assertStored(TaskRig rig) {
        assertThat(SeriesDump.read(rig.tablePath())).isEqualTo(model);
    }

    @Test
    void recordsBecomeSamplesAndTheLaterOneOfATimeCounts() {
        TaskRig rig = rig();
        for (int i = 0; i < 300; i++) {
            send(i % 2, i % 5, 1_000 + i / 10, i * 0.5);
        }
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.drain(task);
        assertStored(rig);
        assertThat(task.committed())
                .containsOnly(Map.entry(new TopicPartition("m", 0), 150L), Map.entry(new TopicPartition("m", 1), 150L));
        task.stop();
        assertStored(rig);
    }

    @Test
    void whatWasDeletedStaysDeletedThoughTheGroupForgetsItsOffsets() {
        TaskRig rig = rig();
        for (int i = 0; i < 50; i++) {
            send(0, 1, i, i);
        }
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.drain(task);
        task.stop();
        try (SeriesStore store = SeriesStore.open(rig.tablePath().resolve("m-0"))) {
            store.delete(List.of(LabelMatcher.equal("host", "h1")), TimeRange.ALL);
        }
        rig.groupOffsets().clear();
        model.clear();
        send(0, 2, 7, 7);
        SinkTaskHarness next = rig.task();
        next.assign(rig.partitions());
        rig.drain(next);
        assertStored(rig);
    }

    @Test
    void errantRecordsGoToTheWorkerAndThePositionPassesThem() {
        List<SinkRecord> reported = new ArrayList<>();
        TaskRig rig = rig().with("partition.missing.field", "errant").reporter((record, error) -> {
            reported.add(record);
            return CompletableFuture.completedFuture(null);
        });
        List<String> bad = List.of(
                "{\"host\":\"h1\",\"load\":\"much\"}",
                "{\"host\":\"h1\"}",
                "{\"load\":1}",
                "{\"host\":{},\"load\":1}",
                "no json",
                "{\"host\":\"" + "x".repeat(3_000) + "\",\"load\":1}");
        send(0, 1, 5, 5);
        bad.forEach(text -> log.append(0, log.endOffset(0), record(5L, text)));
        log.append(0, log.endOffset(0), record(-1L, "{\"host\":\"h1\",\"load\":1}"));
        send(0, 1, 6, 6);
        log.append(0, log.endOffset(0), record(7L, "late and last"));
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.drain(task);
        assertStored(rig);
        assertThat(reported).hasSize(bad.size() + 2);
        assertThat(SeriesDump.positions(rig.tablePath())).containsEntry("m-0", log.endOffset(0));
        assertThat(rig.groupOffsets()).containsEntry(new TopicPartition("m", 0), log.endOffset(0));
    }

    private static ProducerRecord<byte[], byte[]> record(long timestampMs, String json) {
        return new ProducerRecord<>(
                "m", 0, timestampMs < 0 ? null : timestampMs, null, json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aRecordThatIsNoSampleEndsTheTaskWithoutAReporter() {
        TaskRig rig = rig().with("partition.missing.field", "fail");
        send(0, 1, 5, 5);
        log.append(0, 1, record(6L, "{\"host\":\"h1\",\"load\":null}"));
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        assertThatThrownBy(() -> rig.drain(task))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("m-0@1")
                .hasMessageContaining("value.load");
    }

    @Test
    void aZombieWritesNothingAndSaysWhy() {
        TaskRig rig = rig();
        for (int i = 0; i < 40; i++) {
            send(0, 1, i, i);
        }
        SinkTaskHarness zombie = rig.task();
        zombie.assign(rig.partitions());
        zombie.iterate(10);
        zombie.commitAll();
        zombie.iterate(20);
        SinkTaskHarness owner = rig.task();
        owner.assign(rig.partitions());
        rig.drain(owner);
        zombie.commitAll();
        rig.advance(Duration.ofSeconds(20));
        assertThatThrownBy(() -> zombie.iterate(10))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("is now archived into");
        send(0, 1, 3, 99);
        rig.drain(owner);
        assertStored(rig);
    }

    @Test
    void everyOptionOfAStoreIsOneOfTheConnectorAndReachesTheStore() {
        for (SeriesOption option : SeriesOption.values()) {
            boolean fixed = option == SeriesOption.COMMIT_EVERY
                    || option == SeriesOption.TAKE_OVER
                    || option.key().startsWith("cache.")
                    || option.key().startsWith("background.");
            assertThat(FirnSinkConfig.DEFINITION.names().contains("series." + option.key()))
                    .as(option.key())
                    .isEqualTo(!fixed);
        }
        TaskRig rig = rig().with("series.timestamp.unit", "s").with("series.head.max.samples", "5");
        for (int i = 0; i < 8; i++) {
            send(0, 1, 1_000L * i, i);
        }
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.drain(task);
        try (SeriesReader reader = SeriesReader.open(rig.tablePath())) {
            assertThat(reader.timestampUnit()).isEqualTo(TimestampUnit.SECONDS);
            assertThat(reader.contents().maxTimestamp()).isEqualTo(7);
            assertThat(reader.contents().blockSamples()).isEqualTo(8);
        }
        SinkTaskHarness other = rig().with("series.timestamp.unit", "ms").task();
        assertThatThrownBy(() -> other.assign(rig.partitions())).hasMessageContaining("the unit never changes");
    }

    @Test
    void aStoreAndATableOfRecordsDoNotShareADirectory() {
        SourceLog records = new SourceLog("m", 1);
        TaskRig raw = new TaskRig(directory.resolve("archive"), records);
        SinkTaskHarness task = raw.task();
        task.assign(raw.partitions());
        task.stop();
        SinkTaskHarness series = rig().task();
        assertThatThrownBy(() -> series.assign(raw.partitions()))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("table of records");
    }

    @Test
    void aTableOfRecordsIsNotMadeAmongStores() {
        SinkTaskHarness series = rig().task();
        TaskRig raw = new TaskRig(directory.resolve("archive"), new SourceLog("m", 1));
        series.assign(raw.partitions());
        series.stop();
        SinkTaskHarness task = raw.task();
        assertThatThrownBy(() -> task.assign(raw.partitions()))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("stores of series");
    }

    @Test
    void badMappingsAreRefusedBeforeAnythingStarts() {
        TaskRig rig = rig().with("series.value", "");
        assertThat(new FirnSinkConnector()
                        .validate(Map.of(
                                "connector.class", FirnSinkConnector.class.getName(),
                                "name", "x",
                                "topics", "m",
                                "firn.path", "/tmp/firn-series",
                                "record.format", "series",
                                "series.labels", "host"))
                        .configValues())
                .filteredOn(value -> value.name().equals("record.format"))
                .singleElement()
                .satisfies(value -> assertThat(value.errorMessages().toString()).contains("name=source"));
        SinkTaskHarness task = rig.task();
        assertThatThrownBy(() -> task.assign(rig.partitions())).hasMessageContaining("names no value");
    }
}
