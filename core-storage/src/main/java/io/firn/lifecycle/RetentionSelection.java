package io.firn.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Chooses the partitions that retention has reached. Confined to one thread. */
final class RetentionSelection {
    private static final long NS_PER_MS = 1_000_000;
    /** What Kafka gives for a timestamp to a record that has none: no age, so nothing that could be too old. */
    private static final long NO_TIMESTAMP_MS = -1;

    private final RetentionLimits limits;
    private final Instant now;

    RetentionSelection(RetentionLimits limits, Instant now) {
        this.limits = limits;
        this.now = now;
    }

    /**
     * What expires, ascending by path.
     *
     * @param all everything that the table holds: its size counts
     * @param wanted the partitions that may expire
     * @param report hears when the size cannot be kept
     */
    List<PartitionHoldings> from(
            Collection<PartitionHoldings> all, Predicate<PartitionHoldings> wanted, LifecycleReport report) {
        List<PartitionHoldings> oldestFirst = new ArrayList<>(all);
        oldestFirst.sort(Comparator.comparingLong(PartitionHoldings::newestNs).thenComparing(PartitionHoldings::path));
        long left = all.stream().mapToLong(PartitionHoldings::bytes).sum();
        List<PartitionHoldings> expired = new ArrayList<>();
        for (int i = 0; i < oldestFirst.size(); i++) {
            PartitionHoldings partition = oldestFirst.get(i);
            boolean isNewest = i == oldestFirst.size() - 1;
            boolean isOver = isTooOld(partition) || (!isNewest && isTooMuch(left));
            if (isOver && wanted.test(partition)) {
                expired.add(partition);
                left -= partition.bytes();
            }
        }
        if (isTooMuch(left)) {
            report.skipped("the table keeps " + left + " bytes, more than retention by size allows: what is left is its"
                    + " newest partition or was not asked for");
        }
        expired.sort(Comparator.comparing(PartitionHoldings::path));
        return expired;
    }

    private boolean isTooMuch(long bytes) {
        return limits.maxBytes().isPresent() && bytes > limits.maxBytes().getAsLong();
    }

    private boolean isTooOld(PartitionHoldings partition) {
        Optional<Duration> maxAge = limits.maxAge();
        long newestMs = Math.floorDiv(partition.newestNs(), NS_PER_MS);
        return maxAge.isPresent()
                && newestMs != NO_TIMESTAMP_MS
                && newestMs < now.toEpochMilli() - maxAge.get().toMillis();
    }
}
