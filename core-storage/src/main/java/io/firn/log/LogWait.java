package io.firn.log;

import io.firn.error.WriterFencedException;
import io.firn.fs.PoliteLock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for the owner of a log that has taken an epoch and not yet written its base, or opens the log for it. */
final class LogWait {
    private static final long FIRST_PAUSE_NS = Duration.ofMillis(1).toNanos();
    private static final long LONGEST_PAUSE_NS = Duration.ofMillis(64).toNanos();
    /** About a second in all. */
    private static final int ROUNDS = 20;
    /** About 16 seconds: who holds the lock lives, and may have to wait for a disk that is busy. */
    private static final int ROUNDS_OF_OWNER = 256;

    private static final int MOST_HELPERS = 100;

    private LogWait() {}

    /**
     * Reads until the owner, who holds the lock, has decided the outcome, for at most about 16 seconds.
     *
     * @param abandoned whether it is known that the owner of an epoch will not
     */
    static TrustedRead decided(Supplier<TrustedRead> read, LongPredicate abandoned) {
        return until(read, outcome -> !outcome.undecided() || abandoned.test(outcome.epoch()), ROUNDS_OF_OWNER);
    }

    /** Reads until the outcome is as wanted, for at most about a second. */
    static TrustedRead until(Supplier<TrustedRead> read, Predicate<TrustedRead> wanted) {
        return until(read, wanted, ROUNDS);
    }

    /**
     * Reads a log whose outcome is undecided. When the lock is free its owner is gone, and the log is opened in its
     * place; when it is held, only after waiting in vain, or when its owner has given up. Whoever is overtaken by
     * another helper, or by the owner, has what he wanted: a log with a base.
     *
     * @param abandoned whether it is known that the owner of an epoch will write no base
     * @param open opens and closes the log as its next owner
     * @throws WriterFencedException when that happens again and again
     */
    static TrustedRead helped(
            Supplier<TrustedRead> read,
            LongPredicate abandoned,
            Supplier<Optional<PoliteLock>> tryLock,
            Runnable open) {
        for (int helper = 1; ; helper++) {
            try {
                return helpedOnce(read, abandoned, tryLock, open);
            } catch (WriterFencedException overtaken) {
                TrustedRead outcome = read.get();
                if (!outcome.undecided()) {
                    return outcome;
                }
                if (helper == MOST_HELPERS) {
                    throw overtaken;
                }
            }
        }
    }

    private static TrustedRead helpedOnce(
            Supplier<TrustedRead> read,
            LongPredicate abandoned,
            Supplier<Optional<PoliteLock>> tryLock,
            Runnable open) {
        Optional<PoliteLock> lock = tryLock.get();
        try {
            TrustedRead outcome = lock.isPresent() ? read.get() : decided(read, abandoned);
            if (!outcome.undecided()) {
                return outcome;
            }
            open.run();
            return read.get();
        } finally {
            lock.ifPresent(PoliteLock::close);
        }
    }

    private static TrustedRead until(Supplier<TrustedRead> read, Predicate<TrustedRead> wanted, int rounds) {
        TrustedRead outcome = read.get();
        long pauseNs = FIRST_PAUSE_NS;
        for (int round = 0; !wanted.test(outcome) && round < rounds; round++) {
            LockSupport.parkNanos(pauseNs);
            pauseNs = Math.min(LONGEST_PAUSE_NS, pauseNs * 2);
            outcome = read.get();
        }
        return outcome;
    }
}
