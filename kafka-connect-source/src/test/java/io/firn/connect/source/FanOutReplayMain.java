package io.firn.connect.source;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.record.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Started by {@link FanOutReplayIT} in its own small JVM: archives records of one Kafka partition in random order over
 * many partitions, compresses them to a file each, and replays them through a task.
 */
public final class FanOutReplayMain {
    private static final int PARTITIONS = 10_000;
    private static final int RECORDS_PER_COMMIT = 50_000;
    private static final long SEED = 1;
    private static final String TOPIC = "t";

    private final Path root;
    private final int records;
    private final byte[] padding;

    private FanOutReplayMain(Path root, int records, int paddingBytes) {
        this.root = root;
        this.records = records;
        this.padding = new byte[paddingBytes];
    }

    /** Arguments: archive root, records, bytes that are added to each value. */
    public static void main(String[] arguments) throws InterruptedException {
        FanOutReplayMain main = new FanOutReplayMain(
                Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        main.archive();
        long startNs = System.nanoTime();
        System.out.println("replayed=" + main.replay());
        System.out.println("rate=" + main.records * 1_000_000_000L / (System.nanoTime() - startNs));
    }

    private void archive() {
        try (ArchiveFixture archive = ArchiveFixture.open(root, TOPIC, "p:int=value.p", TOPIC, 0)) {
            RandomGenerator random = new SplittableRandom(SEED);
            for (int offset = 0; offset < records; offset++) {
                archive.append(
                        0,
                        offset,
                        StreamRecord.atMillis(offset)
                                .value(value(random, offset))
                                .build());
                if (offset % RECORDS_PER_COMMIT == 0) {
                    archive.commit();
                }
            }
            archive.commit();
            try (LifecycleManager manager = LifecycleManager.open(archive.table(), LifecycleOptions.defaults())) {
                System.out.println(
                        "settled=" + manager.run(LifecycleRequest.compressAll()).settledRecords());
            }
            System.out.println("files=" + archive.table().contents().segments().size());
        }
    }

    /** The next record's value: its partition, its offset and padding. */
    private byte[] value(RandomGenerator random, long offset) {
        int partition = offset < PARTITIONS ? (int) offset : random.nextInt(PARTITIONS);
        byte[] text = ("{\"p\":" + partition + ",\"n\":" + offset + ",\"pad\":\"").getBytes(StandardCharsets.UTF_8);
        byte[] value = Arrays.copyOf(text, text.length + padding.length + 2);
        Arrays.fill(value, text.length, value.length, (byte) ' ');
        value[value.length - 2] = '"';
        value[value.length - 1] = '}';
        return value;
    }

    /** Polls everything; returns the number of records that came where they must, as they were. */
    private long replay() throws InterruptedException {
        FirnSourceTask task = new FirnSourceTask();
        task.initialize(new FreshContext());
        task.start(taskConfiguration());
        RandomGenerator random = new SplittableRandom(SEED);
        long right = 0;
        try {
            for (List<SourceRecord> batch = task.poll(); batch != null; batch = task.poll()) {
                for (SourceRecord record : batch) {
                    boolean same = record.timestamp() == right
                            && record.kafkaPartition() == 0
                            && Arrays.equals((byte[]) record.value(), value(random, right));
                    right += same ? 1 : 0;
                    task.commitRecord(record, null);
                }
            }
        } finally {
            task.stop();
        }
        return right;
    }

    private Map<String, String> taskConfiguration() {
        Map<String, String> config = new HashMap<>();
        for (String part : new String[] {"key", "value", "header"}) {
            config.put(part + ".converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        }
        config.put("name", "fan-out");
        config.put("firn.path", root.toString());
        config.put("restore.topics", TOPIC);
        config.put("restore.topic.map", TOPIC + ":restored");
        FirnSourceConnector connector = new FirnSourceConnector();
        connector.start(config);
        try {
            return connector.taskConfigs(1).get(0);
        } finally {
            connector.stop();
        }
    }
}
