package io.firn.series;

import io.firn.error.ClosedException;
import io.firn.error.ConfigException;
import io.firn.error.StorageIoException;
import io.firn.error.WriterFencedException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings memory to what is committed: when the store is opened, and after a failure of which nobody knows whether it
 * counted. Thread-safe.
 */
final class StoreRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(StoreRecovery.class);

    /** How long readers leave a file system alone that did not let them find out what is committed. */
    private static final long READERS_TRY_AGAIN_MS = 1_000;

    private final StoreParts parts;
    private final StoreState state;
    private final StoreContext context;
    private volatile boolean headInDoubt;
    private volatile long nextTryMs = Long.MIN_VALUE;
    private volatile @Nullable WriterFencedException fence;
    private volatile boolean fenceTold;
    private volatile boolean closed;

    StoreRecovery(StoreContext context) {
        this.context = context;
        this.parts = context.parts();
        this.state = context.state();
    }

    /** Begins: reads everything, and makes the first record of a new store. Nobody else uses the store yet. */
    void open() {
        Optional<TimestampUnit> stored = parts.manifest().state().unit();
        Optional<TimestampUnit> given = parts.options().givenUnit();
        if (stored.isPresent() && given.isPresent() && !stored.equals(given)) {
            throw new ConfigException(
                    "The series store of " + parts.samples().path().getParent()
                            + " has timestamps in '" + stored.get().text() + "', not '"
                            + given.get().text() + "'; the unit never changes: leave timestamp.unit out");
        }
        checkPositions();
        if (stored.isEmpty()) {
            parts.manifest().commit(new ManifestRecord.Created(parts.options().unit()));
        }
        load();
    }

    /** Refuses what comes after {@link #close}. */
    void checkOpen() {
        if (closed) {
            throw new ClosedException(
                    "The series store of " + parts.samples().path().getParent() + " is closed; open it again");
        }
        WriterFencedException successor = fence;
        if (successor != null) {
            throw new WriterFencedException("Another process took over the series store of "
                    + parts.samples().path().getParent() + "; close this one: " + successor.getMessage());
        }
    }

    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isFenced() {
        return fence != null;
    }

    /** The user heard of the fence. */
    void toldOfFence() {
        fenceTold = true;
    }

    /** Something was thrown while the store was changed. */
    void failed(RuntimeException failure) {
        if (failure instanceof WriterFencedException fenced) {
            fence = fenced;
        }
    }

    /** Whether what is shown may differ from what is committed. */
    boolean isInDoubt() {
        return headInDoubt || parts.log().hasFailed() || parts.manifest().hasFailed();
    }

    private boolean isNeeded() {
        return isInDoubt() || parts.blocks().hasFailed();
    }

    /** Makes heads and blocks right where they are in doubt; throws when that fails, and the next call tries again. */
    void ensure() {
        checkOpen();
        if (isNeeded()) {
            recoverLocked();
        }
    }

    /** The same for what is shown only: a block that came to nothing can wait. */
    void ensureShown() {
        checkOpen();
        if (isInDoubt()) {
            recoverLocked();
        }
    }

    /**
     * The same for who only reads: while the file system does not let us find out, what was shown before stays shown,
     * which nothing has changed. Tried again after a while; a full disk would have us try with each selection.
     */
    void ensureReadable() {
        checkOpen();
        if (!isInDoubt() || parts.nowMs() < nextTryMs) {
            return;
        }
        try {
            recoverLocked();
        } catch (StorageIoException failure) {
            nextTryMs = parts.nowMs() + READERS_TRY_AGAIN_MS;
            context.counters().failed(failure);
            LOG.warn(
                    "selections show what was there before the failure: path={}",
                    parts.samples().path().getParent(),
                    failure);
        }
    }

    private void recoverLocked() {
        state.structure().lock();
        state.writing().lock();
        try {
            checkOpen();
            if (isNeeded()) {
                recover();
            }
        } catch (RuntimeException failure) {
            failed(failure);
            throw failure;
        } finally {
            state.writing().unlock();
            state.structure().unlock();
        }
    }

    private void recover() {
        parts.log().checkOwner();
        if (parts.blocks().hasFailed()) {
            parts.blocks().rollback();
        }
        if (parts.manifest().hasFailed()) {
            parts.manifest().rollback();
            headInDoubt |= !parts.manifest().state().equals(state.manifest());
        }
        context.leftovers().find(parts.manifest().state());
        rollbackHead();
        if (headInDoubt) {
            load();
        }
        context.counters().recovered();
        LOG.info(
                "series store found out what is committed: path={}",
                parts.samples().path().getParent());
    }

    /**
     * After a failed write: takes it back. Memory does not know of it; if it was committed nevertheless, or another
     * process has written, that has to be read. What was written before and not committed is in memory alone, and is
     * written again.
     */
    void rollbackHead() {
        if (parts.log().hasFailed()) {
            long before = parts.log().position();
            parts.log().rollback();
            long position = parts.log().position();
            long applied = state.appliedSequence();
            // a commit that failed behind its entry in the log has moved the position already
            headInDoubt |= position > applied || (position != before && position < applied);
            if (hasUncommitted()) {
                writeAgain(before);
            }
        }
    }

    /** Whether the head has samples that would be lost with the process, as far as is known; under the writing lock. */
    private boolean hasUncommitted() {
        return state.appliedSequence() > parts.log().position();
    }

    /** Into the generation that has just begun: what was written of an earlier one is never written on. */
    private void writeAgain(long committedBefore) {
        long samples = parts.log().appendAgain(state.active(), committedBefore);
        state.apply(parts.log().nextSequence(), () -> {});
        LOG.warn(
                "samples that were not committed are written again: path={} samples={}",
                parts.samples().path(),
                samples);
    }

    /**
     * Before the store is closed: commits what is not.
     *
     * @throws StorageIoException when the file system failed; what was not committed is lost then
     * @throws WriterFencedException when another process took over before it was committed, and nobody was told
     */
    void commitLast() {
        if (hasUncommitted() && !fenceTold) {
            checkOpen();
            rollbackHead();
            parts.log().commit();
        }
    }

    private void checkPositions() {
        new StoreAgreement(parts.root(), parts.manifest().state())
                .checkPositions(parts.log().position(), parts.blocks().nextSequence());
    }

    private void load() {
        headInDoubt = true;
        parts.log().commit();
        ManifestState manifest = parts.manifest().state();
        StoppedDeletions deletions = context.counters().reads().deletions();
        try (HeadScan scan = HeadScan.begin(parts.samples(), manifest, deletions, parts.nowMs())) {
            HeadReplay replay = scan.advance();
            long begin = replay.firstSequence(parts.log().position());
            StoreAgreement agreement = new StoreAgreement(parts.root(), manifest);
            agreement.checkHeadBegin(begin, parts.chunks());
            agreement.checkBlocks(parts.chunks());
            parts.log().begin(1 + Math.max(parts.log().generation(), replay.lastGeneration()));
            long highest = context.leftovers().find(manifest);
            state.replace(replay.head(), manifest, highest, parts.log().position());
        }
        headInDoubt = false;
    }
}
