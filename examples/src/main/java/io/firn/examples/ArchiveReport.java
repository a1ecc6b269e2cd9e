package io.firn.examples;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.table.PartitionInfo;
import io.firn.table.Table;
import io.firn.table.TableContents;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * The partition tree of an archived table.
 *
 * <p>Immutable; thread-safe.
 *
 * @param contents what the table holds
 */
record ArchiveReport(TableContents contents) {
    private static final String ROW = "  %-28s %-5s %,9d %,11d %,12d";

    /** Brings every record into a compressed file of its partition and looks at what stands there then. */
    static ArchiveReport settle(Table table) {
        try (LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            LifecycleStats stats = lifecycle.run(LifecycleRequest.compressAll());
            if (!stats.errors().isEmpty() || !stats.skipped().isEmpty()) {
                throw new IllegalStateException("not settled: " + stats.errors() + stats.skipped());
            }
        }
        return new ArchiveReport(table.contents());
    }

    /** All settled records. */
    long records() {
        return sum(PartitionInfo::records);
    }

    /** The largest partitions, the totals and the ratio to the bytes that were produced. */
    List<String> lines(int shown, long producedBytes) {
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format("  %-28s %-5s %9s %11s %12s", "partition", "tier", "records", "file bytes", "raw bytes"));
        contents.partitions().stream()
                .sorted(Comparator.comparingLong(PartitionInfo::records).reversed())
                .limit(shown)
                .forEach(partition -> lines.add(row(partition)));
        int partitions = contents.partitions().size();
        lines.add("  ... and " + Math.max(0, partitions - shown) + " more");
        long fileBytes = sum(PartitionInfo::sizeBytes);
        lines.add(String.format(
                Locale.ROOT,
                ROW,
                partitions + " partitions",
                tiers(),
                records(),
                fileBytes,
                sum(PartitionInfo::rawBytes)));
        lines.add(String.format(
                Locale.ROOT,
                "  produced %,d bytes, archived in %,d bytes: ratio %.1f, %.1f bytes a record",
                producedBytes,
                fileBytes,
                (double) producedBytes / fileBytes,
                (double) fileBytes / records()));
        return lines;
    }

    private static String row(PartitionInfo partition) {
        String tier = partition.hotSegments() == 0 ? "cold" : partition.coldSegments() == 0 ? "hot" : "mixed";
        return String.format(
                Locale.ROOT,
                ROW,
                partition.path(),
                tier,
                partition.records(),
                partition.sizeBytes(),
                partition.rawBytes());
    }

    private String tiers() {
        boolean cold = contents.partitions().stream().allMatch(partition -> partition.hotSegments() == 0);
        return cold ? "cold" : "mixed";
    }

    private long sum(ToLongFunction<PartitionInfo> number) {
        return contents.partitions().stream().mapToLong(number).sum();
    }
}
