package io.firn.segment;

import io.firn.task.SpareThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Loads blocks of sealed segments on spare cores before sequential readers need them: decompresses those of cold
 * ones, reads and checks those of hot ones.
 *
 * <p>Three bounds: the threads, shared by the process, the runs of blocks ahead of one reader, and the bytes of all
 * blocks that are ready or in the making, shared by all readers of one instance. A reader that gets nothing here,
 * because a bound is reached or nobody has begun, reads the block itself: read-ahead never delays anyone and changes no
 * answer. Thread-safe.
 */
public final class ReadAhead {
    /** Runs of blocks that are kept ahead of one reader at most. */
    static final int MAX_RUNS = 8;

    private static final ReadAhead OFF = new ReadAhead(Runnable::run, 0, 0, 0);
    /** Of smaller blocks several are loaded as one piece of work. */
    private static final long RUN_BYTES = 1 << 20;

    private static final long MAX_DEFAULT_BYTES = 32L << 20;
    /** More than the threads are at work on: a reader that waits for one run loads another meanwhile. */
    private static final int RUNS_PER_THREAD = 4;

    private final Executor executor;
    private final int maxRuns;
    private final long runBytes;
    private final long maxBytes;
    private final AtomicLong heldBytes = new AtomicLong();
    private final LongAdder ready = new LongAdder();
    private final LongAdder late = new LongAdder();

    /**
     * Creates an instance with bounds of its own.
     *
     * @param executor runs the work; what it drops, delays or refuses is done by the readers
     * @param maxRuns runs of blocks ahead of one reader, {@code >= 0}; 0 is off
     * @param runBytes bytes of frames of a run of several blocks at most; a larger block is a run of its own
     * @param maxBytes bytes of frames ahead of all readers together, {@code >= 0}
     */
    ReadAhead(Executor executor, int maxRuns, long runBytes, long maxBytes) {
        if (maxRuns < 0 || maxBytes < 0) {
            throw new IllegalArgumentException("read-ahead of " + maxRuns + " runs, " + maxBytes + " bytes");
        }
        this.executor = executor;
        this.maxRuns = maxRuns;
        this.runBytes = Math.min(runBytes, maxBytes / Math.max(1, maxRuns));
        this.maxBytes = maxBytes;
    }

    /** No read-ahead: every reader loads and checks on its own thread. */
    public static ReadAhead off() {
        return OFF;
    }

    /**
     * Read-ahead on the process's {@link SpareThreads}.
     *
     * @param maxBytes bytes of frames that are held ahead of all readers together; 0 is off
     * @return {@link #off} also when the process has one core
     */
    public static ReadAhead background(long maxBytes) {
        int threads = SpareThreads.count();
        if (maxBytes == 0 || threads == 0) {
            return OFF;
        }
        return new ReadAhead(
                SpareThreads.executor(), Math.min(MAX_RUNS, RUNS_PER_THREAD * threads), RUN_BYTES, maxBytes);
    }

    /** The default of {@code read.ahead.bytes} in this process: 32 MiB, at most a sixteenth of the heap's limit. */
    public static long defaultMaxBytes() {
        return Math.min(MAX_DEFAULT_BYTES, Runtime.getRuntime().maxMemory() / 16);
    }

    /** Whether nothing is ever read ahead. */
    public boolean isOff() {
        return maxRuns == 0;
    }

    /** Bytes of frames that are ready or in the making at present; 0 when no reader is open. */
    public long heldBytes() {
        return heldBytes.get();
    }

    /** Blocks of runs that were loaded when their reader came to the first of them. */
    public long readyBlocks() {
        return ready.sum();
    }

    /** Blocks of runs that were begun but not loaded when their reader came to them: it waited or did it itself. */
    public long lateBlocks() {
        return late.sum();
    }

    /** Counts the blocks of a run that its reader takes. */
    void taken(AheadRun run) {
        (run.loading().isDone() ? ready : late).add(run.end() - run.first());
    }

    /** Runs that are kept ahead of one reader at most. */
    int maxRuns() {
        return maxRuns;
    }

    /** Bytes of frames of a run of several blocks at most. */
    long runBytes() {
        return runBytes;
    }

    /**
     * Begins to load blocks [first, end).
     *
     * @param bytes what they will occupy
     * @return null when the bound of bytes is reached
     */
    @Nullable
    AheadRun begin(int first, int end, long bytes, IntFunction<LoadedBlock> loader) {
        if (!hold(bytes)) {
            return null;
        }
        AheadRun run = new AheadRun(first, end, loader, () -> heldBytes.addAndGet(-bytes));
        run.loading().offerTo(executor);
        return run;
    }

    private boolean hold(long bytes) {
        long held = heldBytes.get();
        while (bytes <= maxBytes - held) {
            if (heldBytes.compareAndSet(held, held + bytes)) {
                return true;
            }
            held = heldBytes.get();
        }
        return false;
    }
}
