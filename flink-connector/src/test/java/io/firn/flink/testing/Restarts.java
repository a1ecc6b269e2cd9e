package io.firn.flink.testing;

import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;

/** How a job goes on after a failure. */
public final class Restarts {
    private static final Duration DELAY = Duration.ofMillis(5);
    private static final int MOST = 1000;

    private Restarts() {}

    /** At once, as often as any test wants. */
    public static Configuration atOnce() {
        return new Configuration()
                .set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay")
                .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, MOST)
                .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, DELAY);
    }

    /** Not at all. */
    public static Configuration none() {
        return new Configuration().set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
    }
}
