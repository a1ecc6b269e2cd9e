package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.EmbeddedBroker;
import io.firn.connect.testing.Waiting;
import io.firn.connect.testing.WorkerMemory;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real worker with a small heap replays an archive that is much larger into a real broker, exactly once: 10 GB with
 * {@code -Xmx256m} under {@code -Pstress} (25 GB of disk). Its heap does not grow on the way, and each record comes out
 * as it went in.
 */
class LargeReplayIT {
    private static final long RECORDS = TestProfile.isStress() ? 10_000_000 : 50_000;
    private static final String HEAP = TestProfile.isStress() ? "-Xmx256m" : "-Xmx160m";
    private static final Duration TIMEOUT = Duration.ofMinutes(TestProfile.isStress() ? 40 : 3);
    private static final int TENTHS = 10;
    /** What stands in the producer, and chance, make of it. */
    private static final long MOST_GROWTH_BYTES = 64 << 20;

    private static final String CONNECTOR = "large";
    private static final String TARGET = "restored";

    @TempDir
    Path directory;

    @Test
    void theWorkersHeapDoesNotGrowAndNothingIsMissing() {
        Randomized.forAll(1, random -> {
            LargeArchive archive = new LargeArchive(directory.resolve("archive"), RECORDS, random.nextLong());
            archive.write();
            try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), Map.of())) {
                broker.createTopic(TARGET, LargeArchive.KAFKA_PARTITIONS, Map.of("retention.ms", "-1"));
                try (ConnectWorker worker = startWorker(broker)) {
                    worker.rest().create(CONNECTOR, config(archive, broker));
                    assertHeapIsFlat(worker);
                    assertThat(worker.logText()).doesNotContain("OutOfMemoryError");
                }
                assertSame(archive, broker);
            }
        });
    }

    private ConnectWorker startWorker(EmbeddedBroker broker) {
        Path plugins = Path.of("target/plugin").toAbsolutePath();
        return ConnectWorker.builder(directory.resolve("worker"), broker.bootstrapServers(), plugins)
                .property("exactly.once.source.support", "enabled")
                .jvmArgument(HEAP)
                .jvmArgument("-XX:TieredStopAtLevel=4")
                .start();
    }

    private static Map<String, String> config(LargeArchive archive, EmbeddedBroker broker) {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", FirnSourceConnector.class.getName());
        config.put("tasks.max", "1");
        for (String part : List.of("key", "value", "header")) {
            config.put(part + ".converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        }
        config.put("firn.path", archive.root().toString());
        config.put("restore.topics", LargeArchive.TOPIC);
        config.put("restore.topic.map", LargeArchive.TOPIC + ":" + TARGET);
        config.put("target.bootstrap.servers", broker.bootstrapServers());
        config.put("exactly.once.support", "required");
        config.put("transaction.boundary", "connector");
        return config;
    }

    private static void assertHeapIsFlat(ConnectWorker worker) {
        List<Long> heaps = new ArrayList<>();
        for (long tenth = 1; tenth <= TENTHS; tenth++) {
            long wanted = tenth * RECORDS / TENTHS;
            Waiting.until(
                    wanted + " records",
                    TIMEOUT,
                    () -> replayed(worker) >= wanted,
                    () -> worker.rest().status(CONNECTOR).toString());
            WorkerMemory memory = WorkerMemory.of(worker.pid());
            System.out.println("replayed " + wanted + " records of " + LargeArchive.VALUE_BYTES + " B: " + memory);
            heaps.add(memory.liveHeapBytes());
        }
        assertThat(heaps).allSatisfy(heap -> assertThat(heap).isLessThan(heaps.get(0) + MOST_GROWTH_BYTES));
    }

    private static long replayed(ConnectWorker worker) {
        long sum = 0;
        for (JsonNode entry : worker.rest().offsets(CONNECTOR).path("offsets")) {
            sum += entry.path("offset").path("sequence").asLong();
        }
        return sum;
    }

    private static void assertSame(LargeArchive archive, EmbeddedBroker broker) {
        long[] counts = new long[LargeArchive.KAFKA_PARTITIONS];
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, LargeArchive.KAFKA_PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(TARGET, partition))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream()
                    .anyMatch(each -> consumer.position(each) < Objects.requireNonNull(ends.get(each)))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    assertIs(archive, counts[record.partition()]++, record);
                }
            }
        }
        assertThat(Arrays.stream(counts).sum()).isEqualTo(archive.records());
    }

    private static void assertIs(LargeArchive archive, long index, ConsumerRecord<byte[], byte[]> record) {
        long number = index * LargeArchive.KAFKA_PARTITIONS + record.partition();
        boolean same = record.timestamp() == archive.timestampMs(number)
                && record.key() == null
                && Arrays.equals(record.value(), archive.value(number));
        if (!same) {
            fail("another record than number " + number + " stands at " + record.offset());
        }
    }
}
