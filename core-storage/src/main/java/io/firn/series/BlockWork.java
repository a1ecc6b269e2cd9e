package io.firn.series;

import io.firn.error.FirnException;
import io.firn.lifecycle.LifecycleStats;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that makes, moves and removes blocks, one at a time: each takes the structure lock. Thread-safe.
 */
final class BlockWork {
    private static final Logger LOG = LoggerFactory.getLogger(BlockWork.class);

    /** A cut that failed is tried again when the head has grown by this part of its limit. */
    private static final int RETRY_PART = 8;

    private final StoreContext context;
    private final StoreState state;
    private final StoreRecovery recovery;
    private final Tiering tiering;
    private final BlockCutter cutter;
    private final Compactor compactor;
    private final Retention retention;
    private final CompactionGroups groups;
    private final Deletion deletion;
    private final SeriesStoreOptions options;
    private volatile long retryAtSamples;

    BlockWork(StoreContext context, StoreRecovery recovery, Compactor compactor, Tiering tiering, TimestampUnit unit) {
        this.context = context;
        this.state = context.state();
        this.recovery = recovery;
        this.tiering = tiering;
        this.options = context.parts().options();
        this.cutter = new BlockCutter(context, recovery);
        this.compactor = compactor;
        this.retention = new Retention(context, recovery, unit);
        this.groups = CompactionGroups.of(options, unit);
        this.deletion = new Deletion(context, recovery);
    }

    /** One step under the structure lock, on what is committed for sure. */
    private interface Step<T> {
        T run();
    }

    private <T> T locked(Step<T> step) {
        recovery.ensure();
        state.structure().lock();
        try {
            recovery.ensure();
            return step.run();
        } finally {
            state.structure().unlock();
        }
    }

    /** Makes a block of the head. */
    boolean cut() {
        return locked(() -> {
            boolean made = cutter.cut().isPresent();
            context.leftovers().remove();
            return made;
        });
    }

    /** After a write: makes a block of a head that is large or old enough. A failure is the next call's business. */
    void cutIfDue() {
        long samples = state.look((heads, manifest) -> dueSamples(heads.get(heads.size() - 1)));
        if (samples == 0 || samples < retryAtSamples || !lockForCut(samples)) {
            return;
        }
        try {
            cut();
            retryAtSamples = 0;
        } catch (FirnException failure) {
            retryAtSamples = samples + options.number(SeriesOption.HEAD_MAX_SAMPLES) / RETRY_PART + 1;
            context.counters().failed(failure);
            LOG.warn(
                    "head stays in memory, its samples are safe: path={}",
                    context.parts().samples().path(),
                    failure);
        } finally {
            state.structure().unlock();
        }
    }

    /** Before a write that a head is too full for: perhaps what has failed until now works again. */
    void makeRoom() {
        try {
            cut();
            retryAtSamples = 0;
        } catch (FirnException failure) {
            context.counters().failed(failure);
            LOG.warn("head cannot take more: path={}", context.parts().samples().path(), failure);
        }
    }

    /** Whoever fills the head faster than blocks are made waits; the others leave it to who is at work. */
    private boolean lockForCut(long samples) {
        long max = options.number(SeriesOption.HEAD_MAX_SAMPLES);
        if (samples - max > max / 2) {
            state.structure().lock();
            return true;
        }
        return state.structure().tryLock();
    }

    /** Samples of a head that should become a block, 0 when it need not. */
    private long dueSamples(Head head) {
        return isDue(head) ? head.samples() : 0;
    }

    /** A head of marks alone is due by its age, too: it makes no block, but its files go. */
    private boolean isDue(Head head) {
        if (head.isEmpty()) {
            return false;
        }
        return head.samples() >= options.number(SeriesOption.HEAD_MAX_SAMPLES)
                || head.sampleBytes() >= options.number(SeriesOption.HEAD_MAX_BYTES)
                || context.parts().nowMs() - head.createdMs()
                        >= options.duration(SeriesOption.BLOCK_DURATION).toMillis();
    }

    void delete(List<LabelMatcher> matchers, TimeRange range) {
        locked(() -> {
            deletion.delete(matchers, range);
            return true;
        });
    }

    /** As few blocks as the limits allow, and nothing in them that was deleted. */
    int compact() {
        return locked(() -> {
            cutter.cut();
            int made = compactor.compact(groups.all(state.manifest()));
            context.leftovers().remove();
            return made;
        });
    }

    int expire(Duration age) {
        return locked(() -> {
            int expired = retention.expire(age);
            context.leftovers().remove();
            return expired;
        });
    }

    LifecycleStats compress() {
        return locked(() -> {
            LifecycleStats stats = tiering.compress(blocks());
            settleManifest(new Attempts());
            return stats;
        });
    }

    LifecycleStats decompress() {
        return locked(() -> tiering.decompress(blocks()));
    }

    private List<BlockInfo> blocks() {
        return state.manifest().blocks();
    }

    /** Does everything that is due; a step that fails does not stop the others. */
    Maintenance maintain() {
        return locked(() -> {
            Maintenance removed = expireDue();
            Maintenance made = upkeep();
            context.leftovers().remove();
            return made.plus(removed);
        });
    }

    /** The same without retention. */
    Maintenance compactDue() {
        return locked(() -> {
            Maintenance made = upkeep();
            context.leftovers().remove();
            return made;
        });
    }

    /** Only retention, and removing what counts no more. */
    Maintenance cleanUp() {
        return locked(() -> {
            Maintenance removed = expireDue();
            context.leftovers().remove();
            return removed;
        });
    }

    private Maintenance upkeep() {
        Attempts attempts = new Attempts();
        int cut = attempts.run(() -> isHeadDue() && cutter.cut().isPresent() ? 1 : 0);
        int compacted = attempts.run(
                () -> compactor.compact(groups.due(state.manifest(), options.number(SeriesOption.COMPACT_MIN_BLOCKS))));
        int moved = attempts.run(() -> tiering.maintain(
                options.optionalDuration(SeriesOption.COLD_AFTER), options.number(SeriesOption.PROMOTE_READS)));
        if (moved > 0) {
            settleManifest(attempts);
        }
        return new Maintenance(cut > 0, compacted, 0, moved, attempts.failures);
    }

    /** The records of the manifest in one file; only a matter of size, so a failure is left to the next run. */
    private void settleManifest(Attempts attempts) {
        attempts.run(() -> {
            context.parts().manifest().settle();
            return 0;
        });
    }

    private Maintenance expireDue() {
        Attempts attempts = new Attempts();
        Optional<Duration> age = options.optionalDuration(SeriesOption.RETENTION);
        int expired = attempts.run(() -> age.map(retention::expire).orElse(0));
        return new Maintenance(false, 0, expired, 0, attempts.failures);
    }

    private boolean isHeadDue() {
        return state.frozen() != null || state.look((heads, manifest) -> isDue(heads.get(heads.size() - 1)));
    }

    private final class Attempts {
        private int failures;

        int run(IntSupplier step) {
            if (state.isStopping()) {
                return 0;
            }
            try {
                recovery.ensure();
                return step.getAsInt();
            } catch (FirnException failure) {
                if (state.isStopping()) {
                    LOG.debug("ended because the store is being closed", failure);
                    return 0;
                }
                failures++;
                context.counters().failed(failure);
                LOG.warn(
                        "the next run tries again: path={}",
                        context.parts().samples().path(),
                        failure);
                return 0;
            }
        }
    }
}
