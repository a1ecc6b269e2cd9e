package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.record.StreamRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentRecordsTest {
    private final CountDownLatch stopped = new CountDownLatch(1);
    /** Moves only while somebody waits. */
    private long nowNs = 5;

    private Runnable whileWaiting = () -> {};
    private final ReplayClock clock = new ReplayClock(() -> nowNs, InstantSource.system(), (latch, timeoutNs) -> {
        nowNs += timeoutNs;
        whileWaiting.run();
        return latch.getCount() == 0;
    });
    private final SentRecords sent = new SentRecords(clock);

    @Test
    void aTaskHandsOutNoMoreUntilTheWorkerAcknowledges(@TempDir Path root) throws InterruptedException {
        int count = 3 * SentRecords.LIMIT;
        try (ArchiveFixture archive = ArchiveFixture.open(root, "t", "", "t", 0)) {
            for (long offset = 0; offset < count; offset++) {
                archive.append(
                        0,
                        offset,
                        StreamRecord.atMillis(offset).value(new byte[1]).build());
            }
            archive.commit();
        }
        FirnSourceConnector connector = new FirnSourceConnector();
        connector.start(config(root));
        FirnSourceTask task = new FirnSourceTask(SourceAccess.OF_PROCESS, clock);
        task.initialize(new FreshContext());
        task.start(connector.taskConfigs(1).get(0));
        connector.stop();

        List<SourceRecord> first = Objects.requireNonNull(task.poll());
        List<SourceRecord> second = Objects.requireNonNull(task.poll());
        assertThat(first.size() + second.size()).isBetween(SentRecords.LIMIT + 1, 2 * SentRecords.LIMIT);
        assertThat(task.poll()).isNull();
        first.forEach(record -> task.commitRecord(record, null));
        assertThat(task.poll()).isNotEmpty();
        task.stop();
    }

    private static Map<String, String> config(Path root) {
        Map<String, String> config = new HashMap<>();
        for (String part : List.of("key", "value", "header")) {
            config.put(part + ".converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        }
        config.put("name", "sent");
        config.put("firn.path", root.toString());
        return config;
    }

    @Test
    void aPollWaitsUntilFewAreOnTheirWay() throws InterruptedException {
        sent.handOut(SentRecords.LIMIT);
        assertThat(sent.awaitFew(stopped)).as("as many as may be").isTrue();
        sent.handOut(3);
        sent.acknowledge();
        sent.acknowledge();
        assertThat(sent.awaitFew(stopped)).isFalse();
        whileWaiting = sent::acknowledge;
        assertThat(sent.awaitFew(stopped)).isTrue();
        assertThat(Duration.ofNanos(nowNs)).isLessThan(Duration.ofMillis(110));
    }

    @Test
    void aWorkerThatAcknowledgesNothingGetsMoreInTheEnd() throws InterruptedException {
        sent.handOut(SentRecords.LIMIT + 1);
        int polls = 1;
        while (!sent.awaitFew(stopped)) {
            polls++;
        }
        assertThat(polls).as("of a tenth of a second").isBetween(49, 51);
        sent.handOut(SentRecords.LIMIT);
        assertThat(sent.awaitFew(stopped)).as("it says nothing still").isTrue();
        sent.acknowledge();
        assertThat(sent.awaitFew(stopped)).as("it does now").isFalse();
    }

    @Test
    void slowAcknowledgementsAreWaitedForAsLongAsTheyCome() throws InterruptedException {
        sent.handOut(SentRecords.LIMIT + 10);
        int seconds = 0;
        for (; seconds < 10; seconds++) {
            for (int i = 0; i < 10; i++) {
                assertThat(sent.awaitFew(stopped)).isFalse();
            }
            sent.acknowledge();
        }
        assertThat(sent.awaitFew(stopped)).isTrue();
    }

    @Test
    void aStopEndsTheWait() throws InterruptedException {
        sent.handOut(SentRecords.LIMIT + 1);
        stopped.countDown();
        assertThat(sent.awaitFew(stopped)).isFalse();
        assertThat(Duration.ofNanos(nowNs)).isLessThan(Duration.ofMillis(2));
    }

    @Test
    void transactionsThatLastForATimeAreNotWaitedFor() throws InterruptedException {
        sent.configure(Map.of("transaction.boundary", "INTERVAL"));
        sent.handOut(10 * SentRecords.LIMIT);
        assertThat(sent.awaitFew(stopped)).isTrue();
        sent.configure(Map.of("transaction.boundary", "connector"));
        assertThat(sent.awaitFew(stopped)).isFalse();
    }
}
