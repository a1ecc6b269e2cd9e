package io.firn.flink.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.NotFoundException;
import io.firn.table.ArchiveRoot;
import io.firn.table.TableWriter;
import io.firn.testing.OwnThread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.testutils.source.reader.TestingReaderContext;
import org.apache.flink.connector.testutils.source.reader.TestingReaderOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread that reads. */
@Timeout(120)
class FirnSplitReaderTest extends ArchivedTableFixture {
    @Test
    void splitsTakeTurnsByBatches() throws IOException {
        archived.append("a", 5000);
        archived.append("b", 5000);
        FirnSplitReader<String> reader = reader(0);
        add(reader, split("a", 0, 5000), split("b", 0, 5000));
        List<String> turns = new ArrayList<>();
        for (int fetch = 0; fetch < 6; fetch++) {
            RecordBatch<String> batch = reader.fetch();
            turns.add(batch.nextSplit() + " " + batch.records() + " " + batch.finishedSplits());
            batch.recycle();
        }
        assertThat(turns)
                .containsExactly(
                        "a@0 2048 []", "b@0 2048 []", "a@0 2048 []", "b@0 2048 []", "a@0 904 [a@0]", "b@0 904 [b@0]");
        reader.close();
    }

    @Test
    void aPausedSplitWaitsAndLosesNothing() throws IOException {
        archived.append("a", 3000);
        archived.append("b", 3000);
        FirnSplitReader<String> reader = reader(0);
        FirnSplit a = split("a", 0, 3000);
        add(reader, a, split("b", 0, 3000));
        reader.pauseOrResumeSplits(List.of(a), List.of());
        assertThat(drain(reader)).hasSize(3000).allMatch(element -> element.startsWith("b/"));
        assertThat(drain(reader)).isEmpty();
        reader.pauseOrResumeSplits(List.of(), List.of(a));
        assertThat(drain(reader)).hasSize(3000).allMatch(element -> element.startsWith("a/"));
        reader.close();
    }

    @Test
    void anOpenEndShowsWhatIsCommittedLater() throws IOException {
        try (TableWriter writer = archived.writer("a", Map.of())) {
            FirnSplitReader<String> reader = reader(0);
            add(reader, split("a", 0, Long.MAX_VALUE));
            for (long number = 0; number < 10; number++) {
                assertThat(drain(reader)).isEmpty();
                writer.append(ArchivedTable.record("a", number));
                assertThat(drain(reader)).isEmpty();
                writer.commit();
                assertThat(drain(reader)).hasSize(1);
            }
            reader.close();
        }
    }

    @Test
    void whatTheFilterLeavesOutMovesThePosition() throws IOException {
        archived.append("a", 100);
        FirnSplitReader<String> reader = reader(0);
        ReadChoice nothing = new ReadChoice("k = 'nosuch'", Long.MIN_VALUE, Long.MAX_VALUE);
        add(reader, split("a", 0, Long.MAX_VALUE, nothing));
        RecordBatch<String> batch = reader.fetch();
        assertThat(batch.nextSplit()).isEqualTo("a@0");
        assertThat(batch.nextRecordFromSplit()).isNotNull();
        assertThat(batch.nextSequence()).isEqualTo(100);
        TestingReaderOutput<String> output = new TestingReaderOutput<>();
        batch.emit(output);
        assertThat(output.getEmittedRecords()).isEmpty();
        reader.close();
    }

    @Test
    void wakingItUpEndsALongWait() throws Exception {
        archived.append("a", 10);
        FirnSplitReader<String> reader = reader(0.0001);
        add(reader, split("a", 0, 10));
        assertThat(reader.fetch().records()).isEqualTo(1);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<RecordBatch<String>> waiting = OwnThread.supply(() -> {
            begun.countDown();
            try {
                return reader.fetch();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        begun.await();
        reader.wakeUp();
        assertThat(waiting.get(60, TimeUnit.SECONDS).isEmpty()).isTrue();
        reader.close();
    }

    @Test
    void anotherTableAtThePathIsRefusedNamingBothHosts() {
        archived.append("a", 10);
        FirnSplit foreign = new FirnSplit(UUID.randomUUID(), "host-of-the-job", "a", 0, 0, 10, 0, 0, ReadChoice.ALL);
        assertThatThrownBy(() -> add(reader(0), foreign))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("host-of-the-job")
                .hasMessageContaining(ArchiveRoot.hostName())
                .hasMessageContaining(archived.table().id().toString())
                .hasMessageContaining(foreign.tableId().toString());
    }

    @Test
    void aHostWithoutTheTableIsRefusedNamingBothHosts() {
        archived.append("a", 10);
        SourceSettings elsewhere = FirnSource.<String>builder()
                .path(directory.resolve("empty").toString())
                .table(ArchivedTable.NAME)
                .deserializer(new ArchivedTable.Placed())
                .build()
                .settings();
        assertThatThrownBy(() -> add(reader(elsewhere), split("a", 0, 10)))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("planner")
                .hasMessageContaining(ArchiveRoot.hostName())
                .hasMessageContaining("mount the shared file system");
    }

    private FirnSplitReader<String> reader(double recordsPerSecond) {
        FirnSourceBuilder<String> source = archived.source();
        if (recordsPerSecond > 0) {
            source.rateLimit(recordsPerSecond);
        }
        return reader(source.build().settings());
    }

    private static FirnSplitReader<String> reader(SourceSettings settings) {
        return new FirnSplitReader<>(
                settings,
                new ArchivedTable.Placed(),
                new RateGate(settings.recordsPerSecond(), System::nanoTime),
                new SourceMetrics(new TestingReaderContext().metricGroup(), settings.beforeKafka()));
    }

    private FirnSplit split(String writer, long from, long to) {
        return split(writer, from, to, ReadChoice.ALL);
    }

    private FirnSplit split(String writer, long from, long to, ReadChoice choice) {
        return new FirnSplit(archived.table().id(), "planner", writer, from, from, to, 0, 0, choice);
    }

    private static void add(FirnSplitReader<String> reader, FirnSplit... splits) {
        reader.handleSplitsChanges(new SplitsAddition<>(List.of(splits)));
    }

    private static List<String> drain(FirnSplitReader<String> reader) throws IOException {
        TestingReaderOutput<String> output = new TestingReaderOutput<>();
        while (true) {
            RecordBatch<String> batch = reader.fetch();
            if (batch.isEmpty()) {
                return new ArrayList<>(output.getEmittedRecords());
            }
            batch.nextSplit();
            emit(batch, output);
            batch.recycle();
        }
    }

    private static void emit(RecordBatch<String> batch, ReaderOutput<String> output) {
        while (batch.nextRecordFromSplit() != null) {
            batch.emit(output);
        }
    }
}
