package io.firn.lifecycle;

import io.firn.error.ConfigException;
import io.firn.table.ByteSize;
import io.firn.table.CompressionPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How a process runs the lifecycle of its tables.
 *
 * @param threads background threads ({@code lifecycle.threads}), 1 to 64: so many files are compressed at once
 * @param interval how often a table is looked at without commits ({@code lifecycle.interval.ms})
 * @param commitDelay how long after a commit the table is looked at; commits in between cost one look together
 * @param closeTimeout how long closing waits for a rewrite that is being stopped
 * @param forceThreads how many files are made durable at the same time, 1 to 64
 * @param bytesPerSecond bytes that rewriting reads and writes in a second ({@code lifecycle.bytes.per.second}), 1 or
 *     more; empty without a limit
 * @param compression what this process does otherwise than the tables say
 */
public record LifecycleOptions(
        int threads,
        Duration interval,
        Duration commitDelay,
        Duration closeTimeout,
        int forceThreads,
        OptionalLong bytesPerSecond,
        CompressionOverride compression) {
    private static final String RATE = "lifecycle.bytes.per.second";
    private static final String UNLIMITED = "-1";
    private static final int MAX_THREADS = 64;

    /** Checks the numbers. */
    public LifecycleOptions {
        checkThreads("lifecycle.threads", threads);
        checkThreads("forceThreads", forceThreads);
        if (interval.isNegative() || interval.isZero()) {
            throw new ConfigException("lifecycle.interval.ms = " + interval.toMillis() + " is not above 0");
        }
        if (commitDelay.isNegative() || closeTimeout.isNegative()) {
            throw new ConfigException(
                    "commit delay " + commitDelay + " or close timeout " + closeTimeout + " is negative");
        }
        if (bytesPerSecond.isPresent() && bytesPerSecond.getAsLong() < 1) {
            throw new ConfigException(
                    RATE + " = " + bytesPerSecond.getAsLong() + " is not above 0; use " + UNLIMITED + " for no limit");
        }
    }

    /** One thread, a look each minute and one second after commits, no limit of bytes. */
    public static LifecycleOptions defaults() {
        return new LifecycleOptions(
                1,
                Duration.ofMinutes(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                8,
                OptionalLong.empty(),
                CompressionOverride.NONE);
    }

    /** The same with another number of background threads. */
    public LifecycleOptions withThreads(int count) {
        return new LifecycleOptions(
                count, interval, commitDelay, closeTimeout, forceThreads, bytesPerSecond, compression);
    }

    /** The same with another interval. */
    public LifecycleOptions withInterval(Duration duration) {
        return new LifecycleOptions(
                threads, duration, commitDelay, closeTimeout, forceThreads, bytesPerSecond, compression);
    }

    /** The same with another delay after commits. */
    public LifecycleOptions withCommitDelay(Duration duration) {
        return new LifecycleOptions(
                threads, interval, duration, closeTimeout, forceThreads, bytesPerSecond, compression);
    }

    /** The same with another bound for closing. */
    public LifecycleOptions withCloseTimeout(Duration duration) {
        return new LifecycleOptions(
                threads, interval, commitDelay, duration, forceThreads, bytesPerSecond, compression);
    }

    /** The same with another number of files that are made durable at the same time. */
    public LifecycleOptions withForceThreads(int count) {
        return new LifecycleOptions(threads, interval, commitDelay, closeTimeout, count, bytesPerSecond, compression);
    }

    /** The same with a limit of bytes that rewriting reads and writes in a second, 1 or more. */
    public LifecycleOptions withBytesPerSecond(long bytes) {
        return withRate(OptionalLong.of(bytes));
    }

    /**
     * The same with the limit that the text of option {@code lifecycle.bytes.per.second} names.
     *
     * @param text a size, for example 20MiB, or -1 for no limit
     * @throws ConfigException quoting the text
     */
    public LifecycleOptions withBytesPerSecond(String text) {
        if (text.strip().equals(UNLIMITED)) {
            return withRate(OptionalLong.empty());
        }
        try {
            return withBytesPerSecond(ByteSize.parse(text));
        } catch (ConfigException invalid) {
            throw new ConfigException("Invalid value '" + text + "' for '" + RATE + "': use " + UNLIMITED
                    + " for no limit, or a size like 20MiB (" + invalid.getMessage() + ").");
        }
    }

    /** The same with a policy that stands for those of the tables; {@code Never} stops what runs by itself. */
    public LifecycleOptions withPolicy(CompressionPolicy policy) {
        return with(new CompressionOverride(Optional.of(policy), compression.level(), compression.blockSizeBytes()));
    }

    /** The same with a level of zstd that stands for those of the tables, 1 to 22. */
    public LifecycleOptions withCompressionLevel(int level) {
        return with(new CompressionOverride(compression.policy(), OptionalInt.of(level), compression.blockSizeBytes()));
    }

    /** The same with a block size that stands for those of the tables, 4 KiB to 1 GiB. */
    public LifecycleOptions withBlockSizeBytes(int bytes) {
        return with(new CompressionOverride(compression.policy(), compression.level(), OptionalInt.of(bytes)));
    }

    private LifecycleOptions with(CompressionOverride override) {
        return new LifecycleOptions(
                threads, interval, commitDelay, closeTimeout, forceThreads, bytesPerSecond, override);
    }

    private LifecycleOptions withRate(OptionalLong rate) {
        return new LifecycleOptions(threads, interval, commitDelay, closeTimeout, forceThreads, rate, compression);
    }

    private static void checkThreads(String name, int count) {
        if (count < 1 || count > MAX_THREADS) {
            throw new ConfigException(name + " = " + count + " is not in 1.." + MAX_THREADS);
        }
    }
}
