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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What it costs to look at a table of very many settled files: the first lifecycle run of a process and a further one in
 * which nothing is due, a reader's plan, and, for comparison, opening every file and reading its header and footer.
 * Everything is in the page cache. The files are copies of one small segment, named in the catalog as others are.
 *
 * <p>Arguments: rounds, numbers of files.
 */
public final class ScanComparison {
    private static final int FILES_PER_PARTITION = 20;
    private static final double NANOS_PER_MS = 1e6;

    private ScanComparison() {}

    /** Runs the comparison. */
    public static void main(String[] arguments) throws IOException {
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
        try (Table table = tableOf(directory.resolve("t"), count)) {
            List<Path> files = new ArrayList<>();
            for (SegmentEntry entry : catalogued(table)) {
                files.add(table.layout().resolve(entry.path()));
            }
            double[][] ms = new double[4][rounds];
            for (int round = -2; round < rounds; round++) {
                try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
                    double[] found = {
                        timed(() -> runIdle(manager)),
                        timed(() -> runIdle(manager)),
                        timed(() -> plan(table)),
                        timed(() -> openAll(table, files))
                    };
                    for (int i = 0; round >= 0 && i < found.length; i++) {
                        ms[i][round] = found[i];
                    }
                }
            }
            print(count, ms);
        } finally {
            SideBySide.delete(directory);
        }
    }

    private static void print(int count, double[][] ms) {
        Arrays.stream(ms).forEach(Arrays::sort);
        int middle = ms[0].length / 2;
        System.out.printf("%n%d files, medians of %d [lowest .. highest], ms%n", count, ms[0].length);
        String[] names = {"lifecycle run, the first", "lifecycle run, further", "plan of a reader", "open every file"};
        for (int i = 0; i < names.length; i++) {
            double[] each = ms[i];
            System.out.printf(
                    "RESULT %d files: %-26s %10.2f [%.2f .. %.2f]   1/%.0f of opening%n",
                    count, names[i], each[middle], each[0], each[each.length - 1], ms[3][middle] / each[middle]);
        }
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
