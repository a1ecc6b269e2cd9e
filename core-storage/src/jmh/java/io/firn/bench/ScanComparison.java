package io.firn.bench;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.log.Catalog;
import io.firn.log.CatalogChange;
import io.firn.log.CatalogLog;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.segment.Segment;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.ForkedJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What it costs to look at a table of very many settled files: the first lifecycle run and a further one in which nothing
 * is due, a reader's plan of a table just opened and of one that was read before, and, for comparison, opening every
 * file and reading its header and footer. Everything is in the page cache. The files are copies of one small segment,
 * named in the catalog as others are. Each is timed in one process side by side, once it is warm, and as the first thing that a new
 * process does with the table, as a command does.
 *
 * <p>Arguments: rounds, numbers of files.
 */
public final class ScanComparison {
    private static final String ONE_LOOK = "--look";
    private static final int FILES_PER_PARTITION = 20;
    private static final int WARM_UP_FILES = 1_000_000;
    private static final double NANOS_PER_MS = 1e6;
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private ScanComparison() {}

    /** What is timed. */
    private enum Look {
        FIRST_RUN("lifecycle run, the first"),
        FURTHER_RUN("lifecycle run, further"),
        FIRST_PLAN("plan of the first reader"),
        FURTHER_PLAN("plan of a further reader"),
        OPEN_ALL("open every file");

        private final String text;

        Look(String text) {
            this.text = text;
        }
    }

    /** Runs the comparison, or one look: its name, the table, and its files one a line. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 4 && arguments[0].equals(ONE_LOOK)) {
            System.out.println("MS " + look(Look.valueOf(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3])));
            return;
        }
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
        int[] counts = arguments.length > 1
                ? Arrays.stream(arguments).skip(1).mapToInt(Integer::parseInt).toArray()
                : new int[] {1_000, 100_000};
        for (int count : counts) {
            compare(rounds, count);
        }
    }

    private static void compare(int rounds, int count) throws IOException {
        Path directory = Files.createTempDirectory("firn-bench-scan");
        Path path = directory.resolve("t");
        try (Table table = tableOf(path, count)) {
            List<Path> files = catalogued(table).stream()
                    .map(entry -> table.layout().resolve(entry.path()))
                    .toList();
            Path list = Files.write(
                    directory.resolve("files"), files.stream().map(Path::toString).toList());
            Map<Look, double[]> together = new EnumMap<>(Look.class);
            Map<Look, double[]> alone = new EnumMap<>(Look.class);
            for (int round = -warmUpRounds(count); round < rounds; round++) {
                sideBySide(path, files, round, rounds, together);
            }
            for (int round = -1; round < rounds; round++) {
                for (Look look : Look.values()) {
                    put(alone, look, round, rounds, inNewProcess(look, path, list));
                }
            }
            print(count + " files, one process", together);
            print(count + " files, new processes", alone);
        } finally {
            SideBySide.delete(directory);
        }
    }

    /** Until the compiler has seen a million files, and twice at least. */
    private static int warmUpRounds(int files) {
        return Math.max(2, WARM_UP_FILES / files);
    }

    private static void sideBySide(
            Path path, List<Path> files, int round, int rounds, Map<Look, double[]> ms) {
        try (Table table = Table.open(path);
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            put(ms, Look.FIRST_RUN, round, rounds, timed(() -> runIdle(manager)));
            put(ms, Look.FURTHER_RUN, round, rounds, timed(() -> runIdle(manager)));
            put(ms, Look.FIRST_PLAN, round, rounds, timed(() -> plan(table)));
            put(ms, Look.FURTHER_PLAN, round, rounds, timed(() -> plan(table)));
            put(ms, Look.OPEN_ALL, round, rounds, timed(() -> openAll(table, files)));
        }
    }

    /** Rounds below zero do not count. */
    private static void put(Map<Look, double[]> ms, Look look, int round, int rounds, double value) {
        if (round >= 0) {
            ms.computeIfAbsent(look, any -> new double[rounds])[round] = value;
        }
    }

    /** One look as the first that this process takes; what is not the first follows an untimed one. */
    private static double look(Look look, Path path, Path list) throws IOException {
        List<Path> files = Files.readAllLines(list).stream().map(Path::of).toList();
        try (Table table = Table.open(path);
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            return switch (look) {
                case FIRST_RUN -> timed(() -> runIdle(manager));
                case FURTHER_RUN -> {
                    runIdle(manager);
                    yield timed(() -> runIdle(manager));
                }
                case FIRST_PLAN -> timed(() -> plan(table));
                case FURTHER_PLAN -> {
                    plan(table);
                    yield timed(() -> plan(table));
                }
                case OPEN_ALL -> timed(() -> openAll(table, files));
            };
        }
    }

    private static double inNewProcess(Look look, Path path, Path list) {
        try (ForkedJvm jvm = ForkedJvm.of(ScanComparison.class, list.getParent())
                .heap("1g")
                .jvmOptions("-XX:TieredStopAtLevel=4")
                .arguments(ONE_LOOK, look, path, list)
                .start()) {
            String line = jvm.awaitLine(printed -> printed.startsWith("MS "), TIMEOUT);
            return Double.parseDouble(line.substring("MS ".length()));
        }
    }

    private static void print(String where, Map<Look, double[]> ms) {
        ms.values().forEach(Arrays::sort);
        double opening = median(ms.get(Look.OPEN_ALL));
        ms.forEach((look, each) -> System.out.printf(
                "RESULT %s: %-26s %10.2f ms [%.2f .. %.2f]   1/%.0f of opening%n",
                where, look.text, median(each), each[0], each[each.length - 1], opening / median(each)));
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }

    private static double timed(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / NANOS_PER_MS;
    }

    private static void runIdle(LifecycleManager manager) {
        LifecycleStats stats = manager.run(LifecycleRequest.due());
        if (!stats.isIdle()) {
            throw new IllegalStateException("something was due: " + stats);
        }
    }

    /** Opens a reader of a partition that does not exist: all of the plan and none of the files. */
    private static void plan(Table table) {
        try (TableReader reader = table.reader(ScanOptions.builder()
                .filter(PartitionFilter.exact("k", "none"))
                .build())) {
            if (reader.next()) {
                throw new IllegalStateException("a record of no partition");
            }
        }
    }

    private static void openAll(Table table, List<Path> files) {
        for (Path file : files) {
            try (Segment segment = Segment.open(table.layout().store(), file, table.segmentAccess())) {
                if (!segment.isSealed()) {
                    throw new IllegalStateException(file + " has no footer");
                }
            }
        }
    }

    private static Table tableOf(Path path, int count) throws IOException {
        PartitionMapping mapping = PartitionMapping.parse("k:string=key");
        Table table = Table.create(path, mapping.scheme(), TableConfig.defaults());
        try (TableWriter writer =
                table.writer(WriterOptions.named("main").mapping(mapping).build())) {
            long nowMs = System.currentTimeMillis();
            for (int i = 0; i < 10; i++) {
                writer.append(StreamRecord.atMillis(nowMs + i)
                        .key("p0".getBytes(StandardCharsets.UTF_8))
                        .value("value".getBytes(StandardCharsets.UTF_8))
                        .build());
            }
            writer.finish();
        }
        try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            manager.run(LifecycleRequest.settleAll());
        }
        multiply(table, count);
        return table;
    }

    /** Copies the only settled file, and says so in the catalog. */
    private static void multiply(Table table, int count) throws IOException {
        TableLayout layout = table.layout();
        SegmentEntry first = catalogued(table).get(0);
        try (CatalogLog catalog = CatalogLog.open(layout, InstantSource.system())) {
            List<SegmentEntry> added = new ArrayList<>();
            for (int i = 1; i < count; i++) {
                String partition = "k=p" + i / FILES_PER_PARTITION;
                Path file = layout.root().resolve(partition).resolve(catalog.nextOutputName() + ".q");
                Files.createDirectories(layout.root().resolve(partition));
                Files.copy(layout.resolve(first.path()), file);
                added.add(new SegmentEntry(
                        layout.relativize(file),
                        partition,
                        false,
                        first.sizeBytes(),
                        first.rawBytes(),
                        first.records(),
                        first.minTimestampNs(),
                        first.maxTimestampNs(),
                        first.createdMs(),
                        first.lastWriteMs(),
                        first.lanes()));
            }
            catalog.commit(new CatalogChange(List.of(), List.of(), added));
        }
    }

    private static List<SegmentEntry> catalogued(Table table) {
        return List.copyOf(Catalog.read(table.layout()).state().segments());
    }
}
