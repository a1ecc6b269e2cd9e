package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileStore;
import io.firn.fs.PoliteLock;
import io.firn.log.CatalogLog;
import io.firn.log.LaneName;
import io.firn.log.SegmentEntry;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import io.firn.table.PartitionSummary;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableContents;
import io.firn.table.TableEnvironment;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.CrashFileStore;
import io.firn.testing.ForwardingFileStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * A table of which somebody keeps in mind what was written, acknowledged and seen, over all restarts of its machine.
 * Confined to one thread.
 */
public final class WrittenTable {
    public static final Path ROOT = Path.of("/archive/t");

    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_000_000));
    private static final LifecycleOptions ONE_THREAD =
            LifecycleOptions.defaults().withForceThreads(1);
    private static final Pattern OUTPUT = Pattern.compile(".*/\\d{20}-[0-9a-f]{8}\\.q(\\.zst)?");
    private static final int ARENA_BYTES = 192 << 10;
    private static final int PARTITIONS = 4;
    /** Writes into one partition only, without a mapping. */
    private static final String FIXED = "fixed";

    private static final String FIXED_NAME = FIXED + "@k=p0";
    private static final List<String> WRITERS = List.of("a", "b", "c", FIXED);

    /** Records of each writer that nobody may take back: acknowledged, or seen by a reader. */
    private final Map<String, Long> kept = new TreeMap<>();

    private final Map<String, Long> attempted = new TreeMap<>();

    /** A machine for small files. */
    public static CrashFileStore machine() {
        return new CrashFileStore(ARENA_BYTES, CLOCK);
    }

    /** Creates the table. */
    public static WrittenTable create(FileStore store) {
        TableConfig config = TableConfig.builder()
                .segmentSizeBytes(64 << 10)
                .compressionBlockSizeBytes(64 << 10)
                .build();
        Table.create(ROOT, MAPPING.scheme(), config, environment(store)).close();
        return new WrittenTable();
    }

    public static Table open(FileStore store) {
        return Table.open(ROOT, environment(store));
    }

    /** A store on which locks keep nobody away: what two processes see when a lock has vanished. */
    public static FileStore withoutLocks(FileStore store) {
        return new ForwardingFileStore(store) {
            @Override
            public Optional<PoliteLock> tryLock(Path lockFile) {
                return Optional.of(() -> {});
            }
        };
    }

    static LifecycleManager manager(Table table) {
        return LifecycleManager.open(table, ONE_THREAD);
    }

    /** A maintainer of its own runs once. */
    public static LifecycleStats maintain(FileStore store, LifecycleRequest request) {
        try (Table table = open(store);
                LifecycleManager manager = manager(table)) {
            return manager.run(request);
        }
    }

    /** One of the writers opens its lane, commits a few times and closes or finishes. */
    public void write(FileStore store, RandomGenerator random) {
        String name = WRITERS.get(random.nextInt(WRITERS.size()));
        try (Table table = open(store);
                TableWriter writer = writer(table, name)) {
            String key = laneOf(name);
            assertThat(writer.position()).isBetween(kept(key), attempted(key));
            keep(key, writer.position());
            int commits = 1 + random.nextInt(3);
            for (int i = 0; i < commits; i++) {
                append(writer, key, 1 + random.nextInt(25));
                if (random.nextInt(3) == 0) {
                    writer.roll();
                }
                keep(key, writer.commit());
            }
            if (random.nextBoolean()) {
                append(writer, key, random.nextInt(5));
            }
            if (random.nextBoolean()) {
                writer.finish();
                keep(key, writer.position());
            }
        }
    }

    private void append(TableWriter writer, String key, int count) {
        attempted.merge(key, writer.nextSequence() + count, Math::max);
        for (int i = 0; i < count; i++) {
            writer.append(record(key, writer.nextSequence()));
        }
    }

    /** Reads everything: each record once, in order, in its partition, and no fewer than anybody saw before. */
    public void look(FileStore store) {
        try (Table table = open(store);
                TableReader reader = table.reader(ScanOptions.ALL)) {
            Map<String, Long> found = new HashMap<>();
            Map<String, LongSummaryStatistics> timestamps = new TreeMap<>();
            while (reader.next()) {
                long sequence = found.getOrDefault(reader.writer(), 0L);
                check(reader, sequence);
                found.put(reader.writer(), sequence + 1);
                timestamps
                        .computeIfAbsent(reader.partitionPath(), path -> new LongSummaryStatistics())
                        .accept(reader.record().timestampNs());
            }
            assertSummarizes(table, timestamps);
            attempted.forEach((lane, most) -> {
                long count = found.getOrDefault(lane, 0L);
                assertThat(count).as("records of %s", lane).isBetween(kept(lane), most);
                keep(lane, count);
            });
        }
    }

    /** Counting without reading gives what reading gives. */
    private static void assertSummarizes(Table table, Map<String, LongSummaryStatistics> timestamps) {
        List<PartitionSummary> expected = timestamps.entrySet().stream()
                .map(read -> new PartitionSummary(
                        table.scheme().parsePath(read.getKey()),
                        read.getValue().getCount(),
                        read.getValue().getMin(),
                        read.getValue().getMax()))
                .toList();
        assertThat(table.summarize(PartitionFilter.all())).isEqualTo(expected);
    }

    /** A reader that goes on over everything that happens. */
    final class Follower implements AutoCloseable {
        private final Table table;
        private final TableReader reader;
        private final Map<String, Long> next = new HashMap<>();

        Follower(FileStore store) {
            this.table = open(store);
            this.reader = table.reader(ScanOptions.ALL);
        }

        /** Reads some of the next records. */
        void follow(int most) {
            reader.refresh();
            for (int i = 0; i < most && reader.next(); i++) {
                long sequence = next.getOrDefault(reader.writer(), 0L);
                check(reader, sequence);
                next.put(reader.writer(), sequence + 1);
                keep(reader.writer(), sequence + 1);
            }
        }

        @Override
        public void close() {
            reader.close();
            table.close();
        }
    }

    private static void check(TableReader reader, long sequence) {
        StreamRecord expected = record(reader.writer(), sequence);
        assertThat(reader.record().sequence()).isEqualTo(sequence);
        assertThat(reader.record().toRecord()).isEqualTo(expected);
        assertThat(reader.partitionPath()).isEqualTo("k=" + key(reader.writer(), sequence));
    }

    /** Brings the lanes of all writers and the catalog to an end, as their next owners do. */
    void recover(FileStore store) {
        try (Table table = open(store)) {
            recoverLanes(store);
            CatalogLog.openForgetting(table.layout(), CLOCK).close();
        }
    }

    /** Brings the lanes of all writers to an end. */
    public void recoverLanes(FileStore store) {
        try (Table table = open(store)) {
            // a lane may be there without a record: the power failed while it was opened
            List<String> lanes = store.list(table.layout().lanes());
            for (String name : WRITERS) {
                if (attempted.containsKey(laneOf(name)) || lanes.contains(LaneName.encode(laneOf(name)))) {
                    try (TableWriter writer = writer(table, name)) {
                        keep(laneOf(name), writer.position());
                    }
                }
            }
        }
    }

    /** The next run of the lifecycle ends everything: all is cold, and no output is there that nobody names. */
    public void converge(FileStore store) {
        assertThat(maintain(store, LifecycleRequest.compressAll()).errors()).isEmpty();
        look(store);
        try (Table table = open(store)) {
            TableContents contents = table.contents();
            assertThat(contents.hot().records()).isZero();
            assertThat(contents.segments()).allMatch(SegmentEntry::cold);
            assertThat(store.list(table.layout().temporary())).isEmpty();
            Set<String> outputs = new TreeSet<>(segmentFiles(store).keySet());
            outputs.removeIf(path -> !OUTPUT.matcher(path).matches());
            assertThat(outputs).isEqualTo(named(contents));
        }
    }

    /** There is no segment file but those that the catalog names. */
    void assertTidy(FileStore store) {
        try (Table table = open(store)) {
            assertThat(new TreeSet<>(segmentFiles(store).keySet())).isEqualTo(named(table.contents()));
        }
    }

    private static Set<String> named(TableContents contents) {
        Set<String> named = new TreeSet<>();
        contents.segments()
                .forEach(entry -> named.add(ROOT.resolve(entry.path()).toString()));
        return named;
    }

    /** Content of every segment file, wherever it lies. */
    public static Map<String, ByteBuffer> segmentFiles(FileStore store) {
        Map<String, ByteBuffer> files = new TreeMap<>();
        collect(store, ROOT, files);
        return files;
    }

    private static void collect(FileStore store, Path directory, Map<String, ByteBuffer> files) {
        for (String name : store.list(directory)) {
            Path child = directory.resolve(name);
            if (store.isDirectory(child)) {
                collect(store, child, files);
            } else if (name.endsWith(".q") || name.endsWith(".q.zst")) {
                try (var file = store.openRead(child)) {
                    ByteBuffer bytes = ByteBuffer.allocate((int) file.sizeBytes());
                    file.read(bytes, 0);
                    files.put(child.toString(), bytes.flip());
                }
            }
        }
    }

    private static TableWriter writer(Table table, String name) {
        WriterOptions.Builder options = WriterOptions.named(name).takeOver(true);
        return table.writer(
                name.equals(FIXED)
                        ? options.partition(PartitionValues.of(table.scheme(), "p0"))
                                .build()
                        : options.mapping(MAPPING).build());
    }

    private static String laneOf(String name) {
        return name.equals(FIXED) ? FIXED_NAME : name;
    }

    private static StreamRecord record(String lane, long sequence) {
        String padding = "x".repeat((int) (sequence * 31 % 120));
        return StreamRecord.atMillis(sequence)
                .key(key(lane, sequence).getBytes(StandardCharsets.UTF_8))
                .value((lane + sequence + padding).getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static String key(String lane, long sequence) {
        return "p" + (lane.equals(FIXED_NAME) ? 0 : sequence * sequence % 7 % PARTITIONS);
    }

    private long kept(String lane) {
        return kept.getOrDefault(lane, 0L);
    }

    private long attempted(String lane) {
        return attempted.getOrDefault(lane, 0L);
    }

    private void keep(String lane, long count) {
        kept.merge(lane, count, Math::max);
    }

    static TableEnvironment environment(FileStore store) {
        return TableEnvironment.deterministic(store, CLOCK);
    }
}
