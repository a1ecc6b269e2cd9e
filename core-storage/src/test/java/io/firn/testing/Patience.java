package io.firn.testing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waiting for what comes sooner or later: ten seconds, as Awaitility has it, are not enough on a machine that stalls. */
public final class Patience {
    private static final Duration AT_MOST = Duration.ofMinutes(2);

    private Patience() {}

    /** Waits two minutes at most. */
    public static ConditionFactory await() {
        return Awaitility.await().atMost(AT_MOST);
    }

    /** Waits two minutes at most; whether the latch is open then. An interrupt fails the test. */
    public static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(AT_MOST.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
