package io.firn.soak;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.lifecycle.RetentionLimits;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** Settles, compacts, compresses, decompresses and expires, in random order. */
final class SoakMaintenance implements SoakProcess.Step {
    private static final long KEPT_BUCKETS = 4;
    private static final long PAUSE_MS = 150;

    private final Table table;
    private final String name;
    private final SoakOracle oracle;
    private final RandomGenerator random;
    private LifecycleManager manager;
    private LifecycleStats total = LifecycleStats.NONE;

    SoakMaintenance(Table table, String name, SoakOracle oracle, RandomGenerator random) {
        this.table = table;
        this.name = name;
        this.oracle = oracle;
        this.random = random;
        this.manager = LifecycleManager.open(table, LifecycleOptions.defaults());
    }

    @Override
    public long run() {
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> maintain(LifecycleRequest.settleAll());
            case 3, 4, 5 -> maintain(LifecycleRequest.compressAll());
            case 6, 7, 8 -> maintain(LifecycleRequest.compact());
            case 9, 10, 11 -> maintain(LifecycleRequest.due());
            case 12 -> maintain(LifecycleRequest.decompressAll());
            case 13 -> reopen();
            default -> expire();
        }
        return PAUSE_MS;
    }

    private void reopen() {
        manager.close();
        manager = LifecycleManager.open(table, LifecycleOptions.defaults());
    }

    /** What no writer will write to any more, less some that is kept. The oracle hears of it before and after. */
    private void expire() {
        long slowest =
                table.lanes().stream().mapToLong(LaneInfo::position).min().orElse(0);
        long bucket = slowest / SoakContent.BUCKET_RECORDS - KEPT_BUCKETS;
        if (bucket <= 0 || table.lanes().size() < SoakContent.LANES.size()) {
            return;
        }
        long end = bucket * SoakContent.BUCKET_RECORDS;
        oracle.beginExpiry(name, SoakContent.timestampMs(end));
        // the middle of the last bucket, whose newest record is younger: nothing hangs on how fast this thread is
        long cutoffMs = SoakContent.timestampMs(end - SoakContent.BUCKET_RECORDS / 2);
        Duration age = Duration.between(Instant.ofEpochMilli(cutoffMs), Instant.now());
        LifecycleStats stats =
                maintain(LifecycleRequest.expire(new RetentionLimits(Optional.of(age), OptionalLong.empty())));
        oracle.removed(name, stats.removed().paths());
    }

    private LifecycleStats maintain(LifecycleRequest request) {
        LifecycleStats stats = manager.run(request);
        if (!stats.errors().isEmpty()) {
            throw new AssertionError(request + ": " + stats.errors());
        }
        total = total.plus(stats);
        return stats;
    }

    @Override
    public void close() {
        manager.close();
        System.out.println("maintained " + name + ": settled " + total.settledRecords() + " records, compressed "
                + total.compressedSegments() + " files, decompressed " + total.decompressedSegments() + ", compacted "
                + total.compaction().filesBefore() + " to " + total.compaction().filesAfter() + ", removed "
                + total.removed().records() + " records");
    }
}
