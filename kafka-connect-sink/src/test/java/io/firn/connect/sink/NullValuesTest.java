package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.connect.testing.DumpedRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code behavior.on.null.values}: values, tombstones and a tombstone at the end. */
class NullValuesTest {
    private static final TopicPartition FIRST = new TopicPartition("t", 0);

    @TempDir
    Path directory;

    private final List<SinkRecord> reported = new ArrayList<>();

    @Test
    void tombstonesAreArchivedByDefault() {
        TaskRig rig = rig();
        drained(rig);

        rig.assertArchiveEqualsLog();
        assertThat(offsets(rig)).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void ignoredTombstonesAreLeftOutAndTheirOffsetsPassed() {
        TaskRig rig = rig().with(NullValues.OPTION, "ignore").reporter((record, error) -> report(record));
        drained(rig);

        assertThat(offsets(rig)).containsExactly(0L, 2L);
        assertThat(rig.groupOffsets()).containsEntry(FIRST, 4L);
        assertThat(reported).isEmpty();
    }

    @Test
    void errantTombstonesAreReportedAlsoWhereMissingFieldsFail() {
        TaskRig rig = rig().with(NullValues.OPTION, "errant")
                .with("partition.missing.field", "fail")
                .reporter((record, error) -> report(record));
        drained(rig);

        assertThat(offsets(rig)).containsExactly(0L, 2L);
        assertThat(rig.groupOffsets()).containsEntry(FIRST, 4L);
        assertThat(reported).extracting(SinkRecord::kafkaOffset).containsExactly(1L, 3L);
    }

    @Test
    void errantTombstonesWithoutAReporterEndTheTaskWithTheRemedy() {
        TaskRig rig = rig().with(NullValues.OPTION, "errant");
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());

        assertThatThrownBy(() -> task.iterate(50))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("t-0@1")
                .hasMessageContaining("behavior.on.null.values=errant, errors.tolerance=all");
        task.stop();
    }

    @Test
    void aTombstoneEndsTheTaskWhenItMustAndNothingBeforeItIsLost() {
        TaskRig rig = rig().with(NullValues.OPTION, "fail").reporter((record, error) -> report(record));
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());

        assertThatThrownBy(() -> task.iterate(50))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("record t-0@1 has no value")
                .hasMessageContaining("write, ignore or errant");
        task.stop();
        drained(rig.with(NullValues.OPTION, "write"));
        rig.assertArchiveEqualsLog();
    }

    @Test
    void aMissingFieldStillFailsWhereOnlyTombstonesAreErrant() {
        SourceLog log = new SourceLog("t", 1);
        log.append(0, 0, record("{}"));
        TaskRig rig = new TaskRig(directory.resolve("archive"), log)
                .with(NullValues.OPTION, "errant")
                .with("partition.missing.field", "fail")
                .reporter((record, error) -> report(record));
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());

        assertThatThrownBy(() -> task.iterate(50)).hasMessageContaining("partition.missing.field");
        assertThat(reported).isEmpty();
        task.stop();
    }

    private TaskRig rig() {
        SourceLog log = new SourceLog("t", 1);
        log.append(0, 0, record("{\"origin\":\"ATL\"}"));
        log.append(0, 1, record(null));
        log.append(0, 2, record("{\"origin\":\"ORD\"}"));
        log.append(0, 3, record(null));
        return new TaskRig(directory.resolve("archive"), log);
    }

    private void drained(TaskRig rig) {
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.drain(task);
        rig.advance(Duration.ofSeconds(2));
        task.stop();
    }

    private CompletableFuture<Void> report(SinkRecord record) {
        reported.add(record);
        return CompletableFuture.completedFuture(null);
    }

    private static List<Long> offsets(TaskRig rig) {
        return ArchiveDump.read(rig.tablePath()).stream()
                .map(DumpedRecord::offset)
                .toList();
    }

    private static ProducerRecord<byte @Nullable [], byte @Nullable []> record(@Nullable String value) {
        return new ProducerRecord<>(
                "t",
                0,
                1_000L,
                "k".getBytes(StandardCharsets.UTF_8),
                value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }
}
