package io.firn.series;

import io.firn.error.InvalidRecordException;
import io.firn.error.StorageIoException;
import java.io.IOException;

/**
 * Writes batches: into the log, durable as {@code commit.every} says, and then into memory. All of a batch or nothing.
 * Thread-safe: batches are written one after the other.
 */
final class HeadWriting {
    /** A head that cannot become a block may grow to so many times its limit. */
    private static final int OVERFULL = 2;

    private final StoreContext context;
    private final StoreParts parts;
    private final StoreState state;
    private final StoreRecovery recovery;
    private final CommitRule commitRule;
    private final long maxSeries;
    private final long maxSamples;
    private final LabelLimits limits;
    private long lastCommitMs;

    HeadWriting(StoreContext context, StoreRecovery recovery) {
        this.context = context;
        this.parts = context.parts();
        this.state = context.state();
        this.recovery = recovery;
        SeriesStoreOptions options = parts.options();
        this.commitRule = options.commitRule();
        this.maxSeries = options.number(SeriesOption.HEAD_MAX_SERIES);
        this.maxSamples = options.number(SeriesOption.HEAD_MAX_SAMPLES);
        this.limits = LabelLimits.of(options);
        this.lastCommitMs = parts.nowMs();
    }

    /** Refuses a batch that can never be written. */
    void check(SeriesBatch batch) {
        limits.check(batch);
    }

    /** Writes a batch. */
    void write(SeriesBatch batch) {
        limits.check(batch);
        do {
            recovery.ensureShown();
        } while (!tryWrite(batch));
        context.counters().written(batch.size());
    }

    /** Returns false when another thread's failure has to be made good first. */
    private boolean tryWrite(SeriesBatch batch) {
        state.writing().lock();
        try {
            recovery.checkOpen();
            if (recovery.isInDoubt()) {
                return false;
            }
            Head head = state.active();
            BatchWrite write = new BatchWrite(head, batch);
            checkRoom(head, write, batch);
            long nowMs = parts.nowMs();
            try {
                write.log(parts.log());
                if (commitRule.isDue(nowMs - lastCommitMs)) {
                    commit(nowMs);
                }
            } catch (RuntimeException failure) {
                takeBack(failure);
                throw failure;
            }
            state.apply(parts.log().nextSequence(), () -> write.apply(nowMs, parts.log()));
            return true;
        } finally {
            state.writing().unlock();
        }
    }

    private void commit(long nowMs) {
        parts.log().commit();
        lastCommitMs = nowMs;
    }

    private void takeBack(RuntimeException failure) {
        recovery.failed(failure);
        if (recovery.isFenced()) {
            return;
        }
        try {
            recovery.rollbackHead();
        } catch (RuntimeException again) {
            recovery.failed(again);
            failure.addSuppressed(again);
        }
    }

    /** Whether the head may take a batch on top of what it has at this moment. */
    boolean hasRoom(SeriesBatch batch) {
        return hasRoom(
                state.look((heads, manifest) -> heads.get(heads.size() - 1).samples()), batch);
    }

    private boolean hasRoom(long samples, SeriesBatch batch) {
        return samples < maxSamples || samples + batch.size() <= OVERFULL * maxSamples;
    }

    private void checkRoom(Head head, BatchWrite write, SeriesBatch batch) {
        long series = (long) head.index().size() + write.newSeries();
        if (series > maxSeries) {
            throw new InvalidRecordException("The batch would make " + series + " series in the head of "
                    + parts.samples().path().getParent() + ", at most " + maxSeries
                    + " are allowed; use labels with fewer values, or raise " + SeriesOption.HEAD_MAX_SERIES.key());
        }
        if (!hasRoom(head.samples(), batch)) {
            throw new StorageIoException(
                    "write more samples into the head of",
                    parts.samples().path(),
                    new IOException("it holds " + head.samples() + " samples, " + OVERFULL + " times "
                            + SeriesOption.HEAD_MAX_SAMPLES.key()
                            + " is the most, and cannot become a block; see the failure in stats()"));
        }
    }

    /** Makes everything written so far durable. */
    void flush() {
        do {
            recovery.ensureShown();
        } while (!tryFlush());
    }

    private boolean tryFlush() {
        state.writing().lock();
        try {
            recovery.checkOpen();
            if (recovery.isInDoubt()) {
                return false;
            }
            commit(parts.nowMs());
            return true;
        } catch (RuntimeException failure) {
            takeBack(failure);
            throw failure;
        } finally {
            state.writing().unlock();
        }
    }
}
