package io.firn.series;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Removes whole blocks whose newest sample is too old. Guarded by the structure lock.
 *
 * <p>A block stays as long as an older one stays that reaches into its time range: without it an older sample would
 * come back that it had replaced.
 */
final class Retention {
    private final StoreContext context;
    private final StoreRecovery recovery;
    private final TimestampUnit unit;

    Retention(StoreContext context, StoreRecovery recovery, TimestampUnit unit) {
        this.context = context;
        this.recovery = recovery;
        this.unit = unit;
    }

    /**
     * Removes what has expired.
     *
     * @return the number of blocks
     */
    int expire(Duration age) {
        ManifestState manifest = context.state().manifest();
        List<Long> expired = expired(manifest.blocks(), limit(age));
        if (expired.isEmpty()) {
            return 0;
        }
        try {
            ManifestRecord record = new ManifestRecord.Dropped(expired, Optional.empty());
            context.state().changed(context.parts().manifest().commit(record), head -> {});
        } catch (RuntimeException failure) {
            recovery.failed(failure);
            throw failure;
        }
        context.leftovers().removed(expired);
        context.counters().expired(expired.size());
        return expired.size();
    }

    /** Samples below it are too old. */
    private long limit(Duration age) {
        long clock = unit.ofMillis(context.parts().nowMs());
        long newest = context.state().look((heads, manifest) -> {
            long max = Long.MIN_VALUE;
            for (BlockInfo block : manifest.blocks()) {
                max = Math.max(max, newest(block, manifest.tombstonesOf(block)));
            }
            for (Head head : heads) {
                max = Math.max(max, head.newestTimestamp());
            }
            return max;
        });
        long reference = switch (context.parts().options().retentionReference()) {
            case NEWEST -> newest;
            case CLOCK -> clock;
            case EARLIER -> Math.min(newest, clock);
        };
        long length = unit.ofMillis(age.toMillis());
        return reference < Long.MIN_VALUE + length ? Long.MIN_VALUE : reference - length;
    }

    /** A timestamp that the newest sample of a block is not below; where that may be deleted, one that is there. */
    private static long newest(BlockInfo block, List<Tombstone> deletions) {
        return LongStream.of(block.maxTimestamp(), block.minTimestamp())
                .filter(end -> deletions.stream()
                        .noneMatch(deletion -> deletion.range().includes(end)))
                .findFirst()
                .orElse(Long.MIN_VALUE);
    }

    static List<Long> expired(List<BlockInfo> ascendingByOrder, long limit) {
        List<Long> expired = new ArrayList<>();
        Set<BlockInfo> kept = new HashSet<>();
        for (BlockInfo block : ascendingByOrder) {
            boolean needed = kept.stream()
                    .anyMatch(older -> older.maxTimestamp() >= block.minTimestamp()
                            && older.minTimestamp() <= block.maxTimestamp());
            if (block.maxTimestamp() < limit && !needed) {
                expired.add(block.id());
            } else {
                kept.add(block);
            }
        }
        return expired;
    }
}
