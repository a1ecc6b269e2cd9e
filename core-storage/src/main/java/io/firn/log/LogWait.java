package io.firn.log;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for the owner of a log that has taken an epoch and not yet written its base. */
final class LogWait {
    private static final long FIRST_PAUSE_NS = Duration.ofMillis(1).toNanos();
    private static final int MAX_ROUNDS = 10;

    private LogWait() {}

    /** Reads until the outcome is decided, with pauses of 1, 2, 4 ... ms, together about one second. */
    static TrustedRead decided(Supplier<TrustedRead> read) {
        return until(read, outcome -> !outcome.undecided());
    }

    /** Likewise until the outcome is as wanted. */
    static TrustedRead until(Supplier<TrustedRead> read, Predicate<TrustedRead> wanted) {
        TrustedRead outcome = read.get();
        long pauseNs = FIRST_PAUSE_NS;
        for (int round = 0; !wanted.test(outcome) && round < MAX_ROUNDS; round++) {
            LockSupport.parkNanos(pauseNs);
            pauseNs *= 2;
            outcome = read.get();
        }
        return outcome;
    }
}
