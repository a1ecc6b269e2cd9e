package io.firn.flink.testing;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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

    private static final Map<FailurePoint, Integer> UNTIL_FAILURE = new ConcurrentHashMap<>();
    private static final Map<FailurePoint, Integer> FAILURES = new ConcurrentHashMap<>();

    /** Fails at the n-th arrival from now, {@code n >= 1}. */
    public void failAt(int arrival) {
        UNTIL_FAILURE.put(this, arrival);
    }

    /** No point fails any more, and none has failed. */
    public static void reset() {
        UNTIL_FAILURE.clear();
        FAILURES.clear();
    }

    /** How often it has failed since {@link #reset}. */
    public int failures() {
        return FAILURES.getOrDefault(this, 0);
    }

    /** A job has come to this point. */
    public void arrive() {
        if (UNTIL_FAILURE.isEmpty()) {
            return;
        }
        boolean[] fails = new boolean[1];
        UNTIL_FAILURE.computeIfPresent(this, (point, left) -> {
            fails[0] = left == 1;
            return fails[0] ? null : left - 1;
        });
        if (fails[0]) {
            FAILURES.merge(this, 1, Integer::sum);
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
