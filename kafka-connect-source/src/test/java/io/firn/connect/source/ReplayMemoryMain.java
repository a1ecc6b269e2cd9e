package io.firn.connect.source;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.partition.PartitionFilter;
import io.firn.record.StreamRecord;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Started by {@link ReplayMemoryIT} in its own small JVM: archives bytes of several Kafka partitions over ten days,
 * compresses the older ones, leaves the last unsettled, and replays everything through a task that drops the records.
 * Prints what the heap holds after a collection at each tenth of the way.
 */
public final class ReplayMemoryMain {
    private static final int KAFKA_PARTITIONS = 4;
    private static final int DAYS = 10;
    private static final int VALUE_BYTES = 1_000;
    private static final int RANDOM_BYTES = 250;
    private static final int RECORDS_PER_COMMIT = 100_000;
    private static final int TENTHS = 10;
    private static final long START_MS = 978_307_200_000L;
    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    private static final String TOPIC = "t";

    private final Path root;
    private final long records;
    private final long seed;

    private ReplayMemoryMain(Path root, long records, long seed) {
        this.root = root;
        this.records = records;
        this.seed = seed;
    }

    /** Arguments: archive root, bytes of values, seed. */
    public static void main(String[] arguments) throws InterruptedException {
        ReplayMemoryMain main = new ReplayMemoryMain(
                Path.of(arguments[0]), Long.parseLong(arguments[1]) / VALUE_BYTES, Long.parseLong(arguments[2]));
        main.archive();
        for (String order : List.of("partition", "timestamp")) {
            main.replay(order);
        }
    }

    /** Days 0 to 4 are compressed, 5 to 8 settled, day 9 stays with its writers. */
    private void archive() {
        try (ArchiveFixture archive = ArchiveFixture.open(root, TOPIC, "dt:date=timestamp", TOPIC, 0)) {
            RandomGenerator random = new SplittableRandom(seed);
            byte[] value = new byte[VALUE_BYTES];
            byte[] noise = new byte[RANDOM_BYTES];
            boolean settled = false;
            for (long i = 0; i < records; i++) {
                if (!settled && dayOf(i) == DAYS - 1) {
                    archive.seal();
                    settle(archive);
                    settled = true;
                }
                random.nextBytes(noise);
                Arrays.fill(value, (byte) ('a' + i % 7));
                System.arraycopy(noise, 0, value, 0, RANDOM_BYTES);
                archive.append(
                        (int) (i % KAFKA_PARTITIONS),
                        i / KAFKA_PARTITIONS,
                        StreamRecord.atMillis(timestampMs(i))
                                .value(value.clone())
                                .build());
                if (i % RECORDS_PER_COMMIT == 0) {
                    archive.commit();
                }
            }
            archive.commit();
            archive.table().contents().segments().stream()
                    .map(file -> file.cold() ? "cold" : "hot")
                    .distinct()
                    .forEach(tier -> System.out.println("tier " + tier));
        }
    }

    private static void settle(ArchiveFixture archive) {
        try (LifecycleManager manager = LifecycleManager.open(archive.table(), LifecycleOptions.defaults())) {
            manager.run(LifecycleRequest.settleAll());
            manager.run(LifecycleRequest.compressAll()
                    .where(PartitionFilter.parse(
                            "dt < '2001-01-06'", archive.table().scheme())));
        }
    }

    private long dayOf(long record) {
        return record * DAYS / records;
    }

    private long timestampMs(long record) {
        return START_MS + dayOf(record) * DAY_MS + record % KAFKA_PARTITIONS;
    }

    private void replay(String order) throws InterruptedException {
        FirnSourceTask task = new FirnSourceTask();
        task.initialize(new FreshContext());
        task.start(taskConfiguration(order));
        long replayed = 0;
        long bytes = 0;
        long startNs = System.nanoTime();
        try {
            for (List<SourceRecord> batch = task.poll(); batch != null; batch = task.poll()) {
                long tenth = replayed * TENTHS / records;
                for (SourceRecord record : batch) {
                    bytes += ((byte[]) record.value()).length;
                    task.commitRecord(record, null);
                }
                replayed += batch.size();
                if (replayed * TENTHS / records > tenth) {
                    say(order, "heap." + replayed * TENTHS / records, liveHeapBytes());
                }
            }
            say(order, "records", replayed);
            say(order, "bytes", bytes);
            say(order, "seconds", (System.nanoTime() - startNs) / 1_000_000_000L);
            ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct"))
                    .forEach(pool -> say(order, "direct", pool.getMemoryUsed()));
        } finally {
            task.stop();
        }
    }

    private static void say(String order, String what, long value) {
        System.out.println(order + "." + what + "=" + value);
    }

    private static long liveHeapBytes() {
        ManagementFactory.getMemoryMXBean().gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private Map<String, String> taskConfiguration(String order) {
        Map<String, String> config = new HashMap<>();
        for (String part : new String[] {"key", "value", "header"}) {
            config.put(part + ".converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        }
        config.put("name", "memory");
        config.put("firn.path", root.toString());
        config.put("restore.topics", TOPIC);
        config.put("restore.topic.map", TOPIC + ":restored");
        config.put("restore.order", order);
        FirnSourceConnector connector = new FirnSourceConnector();
        connector.start(config);
        try {
            return connector.taskConfigs(1).get(0);
        } finally {
            connector.stop();
        }
    }
}
