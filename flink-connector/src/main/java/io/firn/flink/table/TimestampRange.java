package io.firn.flink.table;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The timestamps in nanoseconds whose milliseconds, which are what SQL sees, meet a condition.
 *
 * @param fromNs lowest, inclusive
 * @param toNs end, exclusive; {@link Long#MAX_VALUE} means no end
 */
record TimestampRange(long fromNs, long toNs) {
    static final TimestampRange ALL = new TimestampRange(Long.MIN_VALUE, Long.MAX_VALUE);

    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MIN_MS = Long.MIN_VALUE / NANOS_PER_MILLI + 2;
    private static final long MAX_MS = Long.MAX_VALUE / NANOS_PER_MILLI - 2;

    /** What a comparison with an instant leaves; empty when nanoseconds in 64 bits do not reach there. */
    static Optional<TimestampRange> of(String operator, Instant instant) {
        long floorMs;
        try {
            floorMs = instant.toEpochMilli();
        } catch (ArithmeticException outside) {
            return Optional.empty();
        }
        if (floorMs < MIN_MS || floorMs > MAX_MS) {
            return Optional.empty();
        }
        boolean exact = instant.equals(Instant.ofEpochMilli(floorMs));
        long ceilingNs = (exact ? floorMs : floorMs + 1) * NANOS_PER_MILLI;
        long behindNs = (floorMs + 1) * NANOS_PER_MILLI;
        return switch (operator) {
            case ">=" -> Optional.of(new TimestampRange(ceilingNs, Long.MAX_VALUE));
            case ">" -> Optional.of(new TimestampRange(behindNs, Long.MAX_VALUE));
            case "<" -> Optional.of(new TimestampRange(Long.MIN_VALUE, ceilingNs));
            case "<=" -> Optional.of(new TimestampRange(Long.MIN_VALUE, behindNs));
            case "=" -> Optional.of(new TimestampRange(ceilingNs, behindNs));
            default -> Optional.empty();
        };
    }

    TimestampRange and(TimestampRange other) {
        return new TimestampRange(Math.max(fromNs, other.fromNs), Math.min(toNs, other.toNs));
    }
}
