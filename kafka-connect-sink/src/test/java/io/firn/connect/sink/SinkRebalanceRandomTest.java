package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.table.Table;
import io.firn.testing.Randomized;
import io.firn.testing.StubRegistry;
import io.firn.testing.TestProfile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One task, a registry that comes and goes, a disk that fills up, transformations that rename, and rebalances of some
 * or all partitions at any time, in which the worker may be woken: every record is archived once, and no generation is begun.
 */
class SinkRebalanceRandomTest {
    private static final int ROUNDS = 8;
    private static final int STEPS = 80;
    private static final int PARTITIONS = 3;
    /** The task asks for each of them once. */
    private static final int SCHEMAS = 30;

    @TempDir
    Path directory;

    private final StubRegistry stub = StubRegistry.start(41);

    @AfterEach
    void stop() {
        stub.close();
    }

    @Test
    void archiveEqualsTheLogWheneverPartitionsMove() {
        List<Integer> ids = IntStream.range(0, SCHEMAS)
                .map(i -> stub.register("flights-value", SinkRegistryTest.FLIGHT.replace("Flight", "Flight" + i)))
                .boxed()
                .toList();
        AtomicInteger round = new AtomicInteger();
        AtomicInteger retries = new AtomicInteger();
        Randomized.forAll(ROUNDS * (TestProfile.isStress() ? 100 : 1), random -> {
            Path root = directory.resolve("archive-" + round.incrementAndGet());
            retries.addAndGet(new Round(root, random, ids).run());
        });
        assertThat(retries.get()).isPositive();
    }

    /** One task from the first record to the comparison. */
    private final class Round {
        private final RandomGenerator random;
        private final TaskRig rig;
        private final SinkTaskHarness task;

        Round(Path root, RandomGenerator random, List<Integer> ids) {
            this.random = random;
            SourceLog log = new SourceLog("flights", PARTITIONS);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                for (int i = 0; i < 200; i++) {
                    byte[] value = random.nextInt(4) > 0
                            ? "{\"origin\":\"ORD\"}".getBytes(StandardCharsets.UTF_8)
                            : SinkRegistryTest.flight(ids.get(random.nextInt(SCHEMAS)), "ATL");
                    log.append(partition, i, new ProducerRecord<>("flights", null, (long) i, null, value));
                }
            }
            rig = new TaskRig(root, log)
                    .with("schema.registry.url", stub.url())
                    .with("schema.registry.max.retries", "0")
                    .with("disk.min.free.bytes", "0")
                    .with("on.topic.recreated", "new-generation");
            task = rig.task();
            String topic = random.nextBoolean() ? "flights" : "elsewhere";
            boolean merges = random.nextBoolean();
            task.transform(record -> renamed(record, topic, merges ? 0 : record.kafkaPartition()));
        }

        int run() {
            stub.up();
            task.assign(rig.partitions());
            for (int step = 0; step < STEPS; step++) {
                rig.advance(Duration.ofMillis(random.nextInt(700)));
                step();
            }
            stub.up();
            rig.store().heal();
            rig.advance(Duration.ofSeconds(10));
            rig.drain(task);
            task.stop();
            rig.assertArchiveEqualsLog();
            try (Table table = Table.open(rig.tablePath())) {
                assertThat(table.lanes()).hasSize(PARTITIONS);
            }
            return task.retries();
        }

        private void step() {
            switch (random.nextInt(12)) {
                case 0, 1 -> stub.down();
                case 2 -> stub.up();
                case 3 -> {
                    task.rebalance();
                    mayWake();
                }
                case 4 -> moveSome();
                case 5 -> loseSome();
                case 6 -> rig.store().limitSpace(random.nextInt(20_000));
                case 7 -> rig.store().heal();
                default -> task.iterate(random.nextInt(12));
            }
        }

        /** Partitions that another task has for a while, which does nothing with them. */
        private void moveSome() {
            List<TopicPartition> some = some();
            task.revoke(some);
            mayWake();
            turns();
            if (random.nextInt(3) == 0) {
                task.assignUnopened(some);
            } else {
                task.assign(some);
            }
        }

        /** Somebody pauses and resumes the connector in the same moment. */
        private void mayWake() {
            if (random.nextInt(3) == 0) {
                task.wake(random.nextInt(12));
            }
        }

        private void loseSome() {
            List<TopicPartition> some = some();
            task.lose(some);
            turns();
            task.assign(some);
        }

        private List<TopicPartition> some() {
            return rig.partitions().stream()
                    .filter(partition -> random.nextBoolean())
                    .toList();
        }

        private void turns() {
            for (int i = random.nextInt(3); i > 0; i--) {
                if (random.nextBoolean()) {
                    stub.up();
                }
                rig.advance(Duration.ofMillis(random.nextInt(2_000)));
                task.iterate(random.nextInt(12));
            }
        }
    }

    private static SinkRecord renamed(SinkRecord record, String topic, int partition) {
        return record.newRecord(
                topic,
                partition,
                record.keySchema(),
                record.key(),
                record.valueSchema(),
                record.value(),
                record.timestamp(),
                record.headers());
    }
}
