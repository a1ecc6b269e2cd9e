package io.firn.cache;

import io.firn.fs.PooledBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The random reads of one file's blocks through a {@link CacheHierarchy}; where prefetch is on, blocks that the reads
 * so far announce are loaded before they are asked for.
 *
 * <p>A guess is a block and a pattern that announces it ({@link AccessRecorder}). How many blocks are guessed ahead
 * follows from how many guesses were used, and in time ({@link PatternTrust}); more are begun when the reader enters
 * the second half of the window. A guess that is not used within twice the window is given up. Thread-safe; close it
 * with the file.
 */
public final class BlockStream implements AutoCloseable {
    /** Accesses that a guess is kept at least. */
    private static final int MIN_PATIENCE = 32;

    private static final int MAX_WINDOW = 256;
    /** A chain of transitions is not followed further: each step multiplies doubts. */
    private static final int MAX_CHAIN = 4;

    private final CacheHierarchy cache;
    private final BlockFile file;
    private final @Nullable Prefetcher prefetcher;
    private final AccessRecorder recorder = new AccessRecorder();
    private final Map<AccessPattern, PatternTrust> trust = new EnumMap<>(AccessPattern.class);
    private final Deque<StagedBlock> waiting = new ArrayDeque<>();
    private long accesses;
    private int runStep;
    private int runEnd;

    BlockStream(CacheHierarchy cache, BlockFile file, @Nullable Prefetcher prefetcher) {
        this.cache = cache;
        this.file = file;
        this.prefetcher = prefetcher;
        for (AccessPattern pattern : AccessPattern.values()) {
            trust.put(pattern, new PatternTrust());
        }
    }

    /**
     * Gives a block, as {@link CacheHierarchy#get} does.
     *
     * @return a reference of the caller's own, which the caller closes
     */
    public PooledBuffer get(int block) {
        return get(block, file.source(block));
    }

    /** The same; a block that was not guessed comes from a source of the caller's. */
    public PooledBuffer get(int block, BlockSource source) {
        if (prefetcher == null) {
            return cache.get(file.key(block), source);
        }
        StagedBlock guessed = observe(block, prefetcher);
        try {
            return cache.getGuessed(file.key(block), source);
        } finally {
            if (guessed != null) {
                prefetcher.waste(guessed); // if memory had the block after all
            }
        }
    }

    /** Learns from an access and makes guesses; gives the guess that announced this access, or null. */
    private synchronized @Nullable StagedBlock observe(int block, Prefetcher guesses) {
        accesses++;
        recorder.record(block);
        StagedBlock guessed = settle(block, guesses);
        OptionalInt stride = recorder.isSequential() ? OptionalInt.of(1) : recorder.stride();
        if (stride.isPresent()) {
            AccessPattern pattern = recorder.isSequential() ? AccessPattern.SEQUENTIAL : AccessPattern.STRIDE;
            guessRun(block, stride.getAsInt(), pattern, guesses);
        } else {
            guessTransitions(block, guesses);
        }
        return guessed;
    }

    /** Learns from the guesses that this access used, and from those that waited too long. */
    private @Nullable StagedBlock settle(int block, Prefetcher guesses) {
        BlockKey key = file.key(block);
        int patience = MIN_PATIENCE + 2 * longestWindow();
        StagedBlock guessed = null;
        for (Iterator<StagedBlock> each = waiting.iterator(); each.hasNext(); ) {
            StagedBlock staged = each.next();
            if (staged.key().equals(key)) {
                guessed = staged;
                trustOf(staged).used(staged.isDone());
                each.remove();
            } else if (accesses - staged.issuedAt() > patience) {
                if (guesses.waste(staged)) {
                    trustOf(staged).wasted();
                }
                each.remove();
            }
        }
        return guessed;
    }

    private int longestWindow() {
        int longest = 1;
        for (PatternTrust each : trust.values()) {
            longest = Math.max(longest, each.window());
        }
        return longest;
    }

    private PatternTrust trustOf(StagedBlock staged) {
        return trustOf(staged.pattern());
    }

    private PatternTrust trustOf(AccessPattern pattern) {
        return trust.computeIfAbsent(pattern, missing -> new PatternTrust());
    }

    /** Blocks at equal distances: keeps up to a window ahead, and begins more in its second half. */
    private void guessRun(int block, int step, AccessPattern pattern, Prefetcher guesses) {
        PatternTrust own = trustOf(pattern);
        long ahead = step == runStep ? ((long) runEnd - block) / step : -1;
        if (ahead < 0 || ahead > MAX_WINDOW) {
            own.restart();
            runStep = step;
            runEnd = block;
            ahead = 0;
        }
        if (ahead * 2 > own.window() || !own.allows()) {
            return;
        }
        own.grow(windowLimit(block, guesses));
        for (long next = block + (ahead + 1) * step; next != block + (own.window() + 1L) * step; next += step) {
            if (next < 0 || next >= file.blockCount() || !guess((int) next, pattern, guesses)) {
                return;
            }
            runEnd = (int) next;
        }
    }

    private int windowLimit(int block, Prefetcher guesses) {
        return (int) Math.min(MAX_WINDOW, guesses.maxBytes() / 2 / Math.max(1, file.decodedBytes(block)));
    }

    private void guessTransitions(int block, Prefetcher guesses) {
        PatternTrust own = trustOf(AccessPattern.TRANSITION);
        int from = block;
        for (int i = 0; i < Math.min(MAX_CHAIN, own.window()); i++) {
            OptionalInt next = recorder.successor(from);
            if (next.isEmpty() || (i == 0 && !own.allows())) {
                return;
            }
            from = next.getAsInt();
            if (from == block || !guess(from, AccessPattern.TRANSITION, guesses)) {
                return;
            }
        }
        own.grow(MAX_CHAIN);
    }

    /** Begins to load a block unless it is there; false when a bound is reached. */
    private boolean guess(int block, AccessPattern pattern, Prefetcher guesses) {
        BlockKey key = file.key(block);
        if (cache.isInMemory(key) || guesses.isStaged(key)) {
            return true;
        }
        StagedBlock staged = guesses.begin(
                new StagedBlock.Guess(key, pattern, file.decodedBytes(block), accesses),
                () -> cache.loadGuessed(key, file.source(block)));
        if (staged == null) {
            return false;
        }
        waiting.addLast(staged);
        return true;
    }

    /** Confidence in a pattern, 0 to 1. */
    synchronized double confidence(AccessPattern pattern) {
        return trustOf(pattern).confidence();
    }

    /** Gives up what was guessed. Idempotent. */
    @Override
    public synchronized void close() {
        if (prefetcher != null) {
            waiting.forEach(prefetcher::waste);
        }
        waiting.clear();
    }
}
