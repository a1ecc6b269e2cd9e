package io.firn.connect.sink;

import io.firn.table.ArchiveRoot;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Started by {@link FanOutIT} in its own small JVM: a million records in random order over ten thousand partitions
 * through one task with at least a commit each second, then read back in the order of the topic.
 */
public final class FanOutMain {
    private static final int RECORDS = 1_000_000;
    private static final int PARTITIONS = 10_000;
    private static final int BATCH = 500;
    /** More commits than one a second where the machine is fast. */
    private static final int MOST_UNCOMMITTED = 100_000;

    private static final long COMMIT_NS = Duration.ofSeconds(1).toNanos();
    private static final TopicPartition SOURCE = new TopicPartition("t", 0);

    private final Path root;
    private final FirnSinkTask task = new FirnSinkTask();
    private long offset;
    private long putNs;
    private long putCpuNs;
    private int commits;
    private long mostFiles;
    private long mostMappings;

    private FanOutMain(Path root) {
        this.root = root;
    }

    /** Runs it in the directory of the first argument. */
    public static void main(String[] arguments) throws IOException {
        new FanOutMain(Path.of(arguments[0])).run();
        System.exit(0);
    }

    private void run() throws IOException {
        task.initialize(new IdleContext(SOURCE));
        task.start(properties());
        task.open(List.of(SOURCE));
        RandomGenerator random = new SplittableRandom(1);
        long committedNs = System.nanoTime();
        while (offset < RECORDS) {
            List<SinkRecord> batch = batch(random);
            long start = System.nanoTime();
            long startCpu = cpuNs();
            task.put(batch);
            if (start - committedNs > COMMIT_NS || offset % MOST_UNCOMMITTED == 0) {
                committedNs = start;
                commit();
            }
            putNs += System.nanoTime() - start;
            putCpuNs += cpuNs() - startCpu;
        }
        commit();
        task.close(List.of(SOURCE));
        task.stop();
        System.out.println("rate=" + RECORDS * 1_000_000_000L / putNs);
        System.out.println("cpurate=" + RECORDS * 1_000_000_000L / putCpuNs);
        System.out.println("commits=" + commits);
        System.out.println("files=" + mostFiles);
        System.out.println("mappings=" + mostMappings);
        System.out.println("replayed=" + replay());
    }

    /** Of this thread: what other programs of the machine do is not in it. */
    private static long cpuNs() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private void commit() throws IOException {
        task.preCommit(Map.of(SOURCE, new OffsetAndMetadata(offset)));
        commits++;
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            mostFiles = Math.max(mostFiles, files.count());
        }
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            mostMappings = Math.max(
                    mostMappings, maps.filter(line -> line.endsWith(".q")).count());
        }
    }

    private List<SinkRecord> batch(RandomGenerator random) {
        List<SinkRecord> batch = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            batch.add(record(random.nextInt(PARTITIONS)));
        }
        return batch;
    }

    private SinkRecord record(int partition) {
        byte[] value = ("{\"p\":" + partition + ",\"n\":" + offset + "}").getBytes(StandardCharsets.UTF_8);
        return new SinkRecord(
                "t",
                0,
                Schema.OPTIONAL_BYTES_SCHEMA,
                null,
                Schema.OPTIONAL_BYTES_SCHEMA,
                value,
                offset++,
                978_307_200_000L,
                TimestampType.CREATE_TIME);
    }

    /** Reads everything in the order of the topic; returns the number of records that are where they must be. */
    private long replay() {
        RandomGenerator random = new SplittableRandom(1);
        long right = 0;
        try (Table table = Table.open(root.resolve("t"));
                TableReader reader = table.reader(ScanOptions.builder().build())) {
            while (reader.next()) {
                int partition = random.nextInt(PARTITIONS);
                boolean same = reader.record().sequence() == right
                        && reader.partitionPath().equals("p=" + partition)
                        && reader.record().valueLength() == ("{\"p\":" + partition + ",\"n\":" + right + "}").length();
                right += same ? 1 : 0;
            }
        }
        return right;
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        properties.put("name", "fan-out");
        properties.put("firn.path", root.toString());
        properties.put("partition.fields", "p:int=value.p");
        properties.put("disk.min.free.bytes", "0");
        properties.put(
                FirnSinkConfig.ARCHIVE_ID, ArchiveRoot.openOrCreate(root).id().toString());
        return properties;
    }
}
