package io.firn.series;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a store shows at a moment: the head that is written, a head that is being cut, and the blocks. Thread-safe.
 *
 * <p>Three locks, taken in this order: {@link #structure} by whoever makes or removes blocks or deletes, {@link
 * #writing} by whoever appends, and the inner one for as long as the fields are changed or looked at.
 */
final class StoreState {
    /** Fair: who maintains the store again and again would else keep deletions and cuts waiting for minutes. */
    private final ReentrantLock structure = new ReentrantLock(true);

    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantReadWriteLock visible = new ReentrantReadWriteLock();
    /** How many selections read a block. */
    private final Map<Long, Integer> pins = new HashMap<>();

    private Head active;
    private @Nullable Frozen frozen;
    private ManifestState manifest = ManifestState.EMPTY;
    private long lastBlock;
    private long appliedSequence;
    private volatile boolean stopping;

    /**
     * A head that no sample is added to any more.
     *
     * @param head the samples
     * @param consumed what a block with them consumes
     */
    record Frozen(Head head, Consumed consumed) {}

    /** What a selection looks at, taken at one moment. */
    interface Look<T> {
        /** Takes what is wanted, quickly. */
        T take(List<Head> heads, ManifestState manifest);
    }

    StoreState(Head active) {
        this.active = active;
    }

    /** Work that nobody waits for ends soon from now on. */
    void stop() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    ReentrantLock structure() {
        return structure;
    }

    ReentrantLock writing() {
        return writing;
    }

    /** Looks at heads, the older one first, and blocks; nothing changes meanwhile. */
    <T> T look(Look<T> look) {
        visible.readLock().lock();
        try {
            Frozen old = frozen;
            return look.take(old == null ? List.of(active) : List.of(old.head(), active), manifest);
        } finally {
            visible.readLock().unlock();
        }
    }

    /** The blocks; {@link #look} where heads belong to it. */
    ManifestState manifest() {
        return look((heads, state) -> state);
    }

    /** What was marked last, by name. */
    Map<String, Long> marks() {
        return look((heads, state) -> {
            Map<String, Long> marks = new TreeMap<>(state.consumed().marks());
            heads.forEach(head -> marks.putAll(head.marks()));
            return marks;
        });
    }

    /** The head that is written; under {@link #writing}. */
    Head active() {
        return active;
    }

    /** The head that waits for its block; under {@link #structure}. */
    @Nullable
    Frozen frozen() {
        return frozen;
    }

    /** Up to where of the log the heads know; under {@link #writing}. */
    long appliedSequence() {
        return appliedSequence;
    }

    /** A number for a new block, never given before; under {@link #structure}. */
    long nextBlock() {
        return ++lastBlock;
    }

    /** The highest number that a block has or had; under {@link #structure}. */
    long lastBlock() {
        return lastBlock;
    }

    /** Changes heads while nobody looks. */
    void apply(long newAppliedSequence, Runnable change) {
        visible.writeLock().lock();
        try {
            change.run();
            appliedSequence = newAppliedSequence;
        } finally {
            visible.writeLock().unlock();
        }
    }

    /** The active head waits for its block from now on, another one is active. */
    void freeze(Head next, Consumed consumed) {
        visible.writeLock().lock();
        try {
            frozen = new Frozen(active, consumed);
            active = next;
            appliedSequence = consumed.sequence();
        } finally {
            visible.writeLock().unlock();
        }
    }

    /** The manifest has one more record; the waiting head is gone when that says so. */
    void changed(ManifestState next, Consumer<Head> heads) {
        visible.writeLock().lock();
        try {
            manifest = next;
            Frozen old = frozen;
            if (old != null && old.consumed().sequence() <= next.consumed().sequence()) {
                frozen = null;
                old = null;
            }
            heads.accept(active);
            if (old != null) {
                heads.accept(old.head());
            }
        } finally {
            visible.writeLock().unlock();
        }
    }

    /** Takes everything from what is stored. */
    void replace(Head head, ManifestState state, long highestBlock, long position) {
        visible.writeLock().lock();
        try {
            active = head;
            frozen = null;
            manifest = state;
            lastBlock = Math.max(lastBlock, Math.max(highestBlock, state.lastBlock()));
            appliedSequence = position;
        } finally {
            visible.writeLock().unlock();
        }
    }

    /** Keeps blocks on the disk; called within {@link #look}. */
    void pin(List<BlockInfo> blocks) {
        synchronized (pins) {
            blocks.forEach(block -> pins.merge(block.id(), 1, Integer::sum));
        }
    }

    void unpin(List<BlockInfo> blocks) {
        synchronized (pins) {
            blocks.forEach(block -> pins.computeIfPresent(block.id(), (id, count) -> count > 1 ? count - 1 : null));
        }
    }

    /** Those of some blocks that no selection reads. */
    List<Long> unpinned(Iterable<Long> blocks) {
        List<Long> free = new ArrayList<>();
        synchronized (pins) {
            for (Long block : blocks) {
                if (!pins.containsKey(block)) {
                    free.add(block);
                }
            }
        }
        return free;
    }
}
