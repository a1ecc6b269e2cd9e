package io.firn.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts the heap bytes that the calling thread allocates. Thread-safe. */
public final class AllocationCounter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ATTEMPTS = 5;

    private AllocationCounter() {}

    /**
     * Bytes that some work allocates when it is warm: the least of several runs, because the JVM may allocate on a
     * thread for its own purposes (profiling, deoptimization) in any one of them.
     *
     * @param warmUps runs before the count begins
     */
    public static long allocatedBytes(int warmUps, Runnable work) {
        for (int i = 0; i < warmUps; i++) {
            work.run();
        }
        long own = Math.min(allocatedBytes(AllocationCounter::nothing), allocatedBytes(AllocationCounter::nothing));
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ATTEMPTS; i++) {
            least = Math.min(least, allocatedBytes(work) - own);
        }
        return Math.max(0, least);
    }

    private static void nothing() {}

    /** Bytes that one run of some work allocates, with those of the count itself. */
    private static long allocatedBytes(Runnable work) {
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        work.run();
        return THREADS.getThreadAllocatedBytes(thread) - before;
    }
}
