package io.firn.flink.testing;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Places of a job that fail on command, once. The counts are of this JVM, in which the embedded cluster runs its tasks.
 * Thread-safe.
 */
public enum FailurePoint {
    /** Between source and sink. */
    MAP,
    /** After an element was written. */
    WRITE,
    /** Before the writer prepares its commit. */
    BEFORE_PREPARE,
    /** After the writer prepared its commit, before anybody knows of it. */
    AFTER_PREPARE,
    /** When the writer's state is asked for. */
    SNAPSHOT,
    /** In the committer, before it commits. */
    BEFORE_COMMIT,
    /** In the committer, after everything is committed. */
    AFTER_COMMIT,
    /** In the operator behind the committer. */
    POST_COMMIT;

    private final AtomicInteger untilFailure = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();

    /** Fails at the n-th arrival from now, {@code n >= 1}. */
    public void failAt(int arrival) {
        untilFailure.set(arrival);
    }

    /** No point fails any more, and none has failed. */
    public static void reset() {
        for (FailurePoint point : values()) {
            point.untilFailure.set(0);
            point.failures.set(0);
        }
    }

    /** How often it has failed since {@link #reset}. */
    public int failures() {
        return failures.get();
    }

    /** A job has come to this point. */
    public void arrive() {
        int before = untilFailure.getAndUpdate(left -> Math.max(0, left - 1));
        if (before == 1) {
            failures.incrementAndGet();
            throw new IntendedFailure(this);
        }
    }

    /** The failure that a test has asked for. */
    public static final class IntendedFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        IntendedFailure(FailurePoint point) {
            super("intended failure: " + point);
        }
    }
}
