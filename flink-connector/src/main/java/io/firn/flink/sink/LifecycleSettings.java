package io.firn.flink.sink;

import io.firn.lifecycle.LifecycleOptions;
import java.io.Serializable;
import java.time.Duration;

/**
 * How a sink settles and compresses after completed checkpoints.
 *
 * @param threads rewrites at a time, at least 1
 * @param interval time between looks at the table without a checkpoint
 * @param bytesPerSecond limit of bytes read and written, empty for none
 * @param slotSharingGroup slot sharing group of the operator, empty for the sink's own
 */
public record LifecycleSettings(int threads, Duration interval, String bytesPerSecond, String slotSharingGroup)
        implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** Checks the numbers as {@link LifecycleOptions} does. */
    public LifecycleSettings {
        options(threads, interval, bytesPerSecond);
    }

    /** One thread, a look every minute, no limit, in the sink's slots. */
    public static LifecycleSettings defaults() {
        return new LifecycleSettings(1, DEFAULT_INTERVAL, "", "");
    }

    /** The same with another number of threads. */
    public LifecycleSettings withThreads(int count) {
        return new LifecycleSettings(count, interval, bytesPerSecond, slotSharingGroup);
    }

    /** The same with another time between looks. */
    public LifecycleSettings withInterval(Duration duration) {
        return new LifecycleSettings(threads, duration, bytesPerSecond, slotSharingGroup);
    }

    /** The same with a limit, for example {@code 20MiB}. */
    public LifecycleSettings withBytesPerSecond(String text) {
        return new LifecycleSettings(threads, interval, text, slotSharingGroup);
    }

    /** The same in a slot sharing group of its own. */
    public LifecycleSettings withSlotSharingGroup(String name) {
        return new LifecycleSettings(threads, interval, bytesPerSecond, name);
    }

    LifecycleOptions options() {
        return options(threads, interval, bytesPerSecond);
    }

    private static LifecycleOptions options(int threads, Duration interval, String bytesPerSecond) {
        LifecycleOptions options = LifecycleOptions.defaults()
                .withThreads(threads)
                .withInterval(interval)
                .withCommitDelay(Duration.ZERO)
                .withCloseTimeout(CLOSE_TIMEOUT);
        return bytesPerSecond.isEmpty() ? options : options.withBytesPerSecond(bytesPerSecond);
    }
}
