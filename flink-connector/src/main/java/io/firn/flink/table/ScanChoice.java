package io.firn.flink.table;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the planner has pushed into a scan; everything here is applied exactly.
 *
 * @param conditions conditions on partition fields, all of which hold, as {@code firn --where} takes them
 * @param partitions paths of the partitions that are left, null when none were taken out one by one
 * @param partitionsText conditions that hold for all of {@code partitions} and few others
 * @param fromNs lowest timestamp, nanoseconds, inclusive
 * @param toNs end of the timestamps, nanoseconds, exclusive; {@link Long#MAX_VALUE} means no end
 * @param limit rows that are enough, {@link Long#MAX_VALUE} for all
 */
record ScanChoice(
        List<String> conditions,
        @Nullable Set<String> partitions,
        List<String> partitionsText,
        long fromNs,
        long toNs,
        long limit)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    static final ScanChoice ALL =
            new ScanChoice(List.of(), null, List.of(), Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    /** Copies the collections. */
    ScanChoice {
        conditions = List.copyOf(conditions);
        partitions = partitions == null ? null : Set.copyOf(partitions);
        partitionsText = List.copyOf(partitionsText);
    }

    ScanChoice and(List<String> more, long lowestNs, long endNs) {
        List<String> all = new ArrayList<>(conditions);
        all.addAll(more);
        return new ScanChoice(
                all, partitions, partitionsText, Math.max(fromNs, lowestNs), Math.min(toNs, endNs), limit);
    }

    ScanChoice ofPartitions(Set<String> paths, List<String> text) {
        return new ScanChoice(conditions, new TreeSet<>(paths), text, fromNs, toNs, limit);
    }

    ScanChoice withLimit(long rows) {
        return new ScanChoice(conditions, partitions, partitionsText, fromNs, toNs, rows);
    }

    /** Whether nothing can match. */
    boolean isEmpty() {
        return fromNs >= toNs || (partitions != null && partitions.isEmpty());
    }

    /** Whether every record of a partition is chosen, or none. */
    boolean isOfWholePartitions() {
        return fromNs == Long.MIN_VALUE && toNs == Long.MAX_VALUE && limit == Long.MAX_VALUE;
    }

    /** The conditions on partition fields as one text; partitions beyond {@code partitions} may match it. */
    String where() {
        List<String> all = new ArrayList<>(conditions);
        all.addAll(partitionsText);
        return String.join(" and ", all);
    }
}
