package io.firn.fs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Takes a polite lock that others hold for a moment only: whoever looks whether an owner lives, or tidies up for a dead
 * one, has it for as long as that takes. Thread-safe; no state.
 */
public final class PatientLock {
    private static final long FIRST_PAUSE_NS = Duration.ofMillis(1).toNanos();
    private static final long LONGEST_PAUSE_NS = Duration.ofMillis(64).toNanos();

    private PatientLock() {}

    /**
     * Asks for a lock again and again, with pauses of 1, 2, 4 ... and at most 64 ms between.
     *
     * @param rounds how often it asks, {@code >= 1}; 2 take a millisecond, 20 a second, 36 two seconds
     * @return the lock; empty when somebody had it each time
     */
    public static Optional<PoliteLock> tryLock(FileStore store, Path lockFile, int rounds) {
        return tryLock(() -> store.tryLock(lockFile), rounds);
    }

    /** The same for whatever has a lock as its outcome. */
    public static Optional<PoliteLock> tryLock(Supplier<Optional<PoliteLock>> attempt, int rounds) {
        Optional<PoliteLock> lock = attempt.get();
        long pauseNs = FIRST_PAUSE_NS;
        for (int round = 1; lock.isEmpty() && round < rounds; round++) {
            LockSupport.parkNanos(pauseNs);
            pauseNs = Math.min(LONGEST_PAUSE_NS, pauseNs * 2);
            lock = attempt.get();
        }
        return lock;
    }
}
