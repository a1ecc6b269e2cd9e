package io.firn.flink.series;

import io.firn.error.ConfigException;
import io.firn.series.LabelMatcher;
import io.firn.series.TimeRange;
import io.firn.series.TimestampUnit;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which samples are wanted. Immutable; thread-safe.
 *
 * @param conditions all must hold; none for every series
 * @param fromNs lowest time, nanoseconds since 1970; {@link Long#MIN_VALUE} for no limit
 * @param toNs end, exclusive; {@link Long#MAX_VALUE} for no limit
 */
record SeriesChoice(List<Condition> conditions, long fromNs, long toNs) implements Serializable {
    private static final long serialVersionUID = 1L;

    static final SeriesChoice ALL = new SeriesChoice(List.of(), Long.MIN_VALUE, Long.MAX_VALUE);

    SeriesChoice {
        conditions = new ArrayList<>(conditions);
    }

    /** A {@link LabelMatcher} that can be sent. */
    record Condition(String name, LabelMatcher.Kind kind, String value) implements Serializable {
        private static final long serialVersionUID = 1L;

        static Condition of(LabelMatcher matcher) {
            return new Condition(matcher.name(), matcher.kind(), matcher.value());
        }

        LabelMatcher matcher() {
            return LabelMatcher.of(name, kind, value);
        }
    }

    List<LabelMatcher> matchers() {
        return conditions.stream().map(Condition::matcher).toList();
    }

    SeriesChoice and(List<Condition> more, long notBeforeNs, long beforeNs) {
        List<Condition> all = new ArrayList<>(conditions);
        all.addAll(more);
        return new SeriesChoice(all, Math.max(fromNs, notBeforeNs), Math.min(toNs, beforeNs));
    }

    /** The times in the unit of a store; empty when there is none. */
    Optional<TimeRange> range(TimestampUnit unit) {
        long from = fromNs == Long.MIN_VALUE ? Long.MIN_VALUE : unit.ceilingOfNanos(fromNs);
        long to = toNs == Long.MAX_VALUE ? Long.MAX_VALUE : unit.ceilingOfNanos(toNs);
        return from < to ? Optional.of(new TimeRange(from, to)) : Optional.empty();
    }

    /** Refuses times that 64 bits of nanoseconds do not reach. */
    static long nanos(Instant instant) {
        try {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
        } catch (ArithmeticException tooFar) {
            throw new ConfigException("The time " + instant + " is outside the years 1678 to 2261", tooFar);
        }
    }
}
