package io.firn.bench;

import io.firn.log.CatalogChange;
import io.firn.log.CatalogLog;
import io.firn.log.LaneRange;
import io.firn.log.SegmentEntry;
import io.firn.partition.PartitionMapping;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a commit of the lifecycle costs beside the number of files that the catalog names: each one replaces a file by
 * another, as compressing does, and forces the log. No file is really there; the catalog does not look at them.
 *
 * <p>Arguments: rounds, numbers of files.
 */
public final class CatalogCommitComparison {
    private static final int COMMITS = 200;
    private static final int FILES_PER_PARTITION = 10;
    private static final long FIRST_MS = 978_307_200_000L;
    private static final double NANOS_PER_MILLI = 1e6;

    private CatalogCommitComparison() {}

    /** Runs the comparison: the catalogs in turn, the first round to warm up. */
    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
        int[] counts = arguments.length > 1
                ? Stream.of(arguments).skip(1).mapToInt(Integer::parseInt).toArray()
                : new int[] {1_000, 100_000};
        Path directory = Files.createTempDirectory("firn-bench");
        List<Catalogued> catalogs = new ArrayList<>();
        try {
            for (int count : counts) {
                catalogs.add(new Catalogued(directory.resolve("files-" + count), count));
            }
            double[][] millis = new double[counts.length][rounds];
            for (int round = -1; round < rounds; round++) {
                for (int i = 0; i < counts.length; i++) {
                    double each = catalogs.get(i).millisACommit();
                    if (round >= 0) {
                        millis[i][round] = each;
                    }
                }
            }
            for (int i = 0; i < counts.length; i++) {
                Arrays.sort(millis[i]);
                System.out.printf(
                        "RESULT %,d files: %.2f ms a commit [%.2f .. %.2f]%n",
                        counts[i], millis[i][rounds / 2], millis[i][0], millis[i][rounds - 1]);
            }
        } finally {
            catalogs.forEach(Catalogued::close);
            SideBySide.delete(directory);
        }
    }

    /** An open catalog that names so many files at all times. */
    private static final class Catalogued implements AutoCloseable {
        private final CatalogLog catalog;
        private final Deque<SegmentEntry> named = new ArrayDeque<>();

        Catalogued(Path path, int count) {
            PartitionMapping mapping = PartitionMapping.parse("k:string=key");
            try (Table table = Table.create(path, mapping.scheme(), TableConfig.defaults())) {
                catalog = CatalogLog.open(table.layout(), InstantSource.system());
            }
            for (int i = 0; i < count; i++) {
                named.add(entry("k=p" + i / FILES_PER_PARTITION, i, ".q"));
            }
            catalog.commit(new CatalogChange(List.of(), List.of(), List.copyOf(named)));
        }

        double millisACommit() {
            long start = System.nanoTime();
            for (int i = 0; i < COMMITS; i++) {
                SegmentEntry old = named.remove();
                SegmentEntry compressed =
                        entry(old.partitionPath(), old.lanes().get(0).firstSequence(), ".q.zst");
                catalog.commit(new CatalogChange(List.of(), List.of(old.path()), List.of(compressed)));
                named.add(compressed);
            }
            return (System.nanoTime() - start) / NANOS_PER_MILLI / COMMITS;
        }

        private SegmentEntry entry(String partition, long sequence, String ending) {
            long timeMs = FIRST_MS + sequence;
            return new SegmentEntry(
                    partition + "/" + catalog.nextOutputName() + ending,
                    partition,
                    !ending.equals(".q"),
                    1_000,
                    1_000,
                    1,
                    timeMs * 1_000_000,
                    timeMs * 1_000_000,
                    timeMs,
                    timeMs,
                    List.of(new LaneRange("main-lane", sequence, sequence, 1)));
        }

        @Override
        public void close() {
            catalog.close();
        }
    }
}
