package io.firn.connect.source;

import java.time.InstantSource;
import java.util.OptionalLong;
import org.apache.kafka.connect.errors.DataException;

/**
 * Which timestamp a replayed record gets.
 *
 * <p>Immutable; thread-safe.
 *
 * @param kind the rule
 * @param shiftMs what {@link Kind#SHIFT} adds, milliseconds of either sign; 0 for the others
 * @param clock the time of {@link Kind#NOW}
 */
record TimestampRule(Kind kind, long shiftMs, InstantSource clock) {
    /** A rule. */
    enum Kind {
        /** The archived timestamp. */
        ORIGINAL,
        /** The archived timestamp and a constant. */
        SHIFT,
        /** The time at which the record is handed out. */
        NOW
    }

    /** Whether timestamps stay as they are. */
    boolean keeps() {
        return kind == Kind.ORIGINAL;
    }

    /** Whether the archived timestamp counts at all. */
    boolean usesArchived() {
        return kind != Kind.NOW;
    }

    /**
     * The timestamp of a replayed record, milliseconds since the epoch.
     *
     * @param archivedMs the archived one, 0 or more where it counts
     * @throws DataException when the shift leads before 1970 or out of the range of numbers
     */
    long apply(long archivedMs) {
        return switch (kind) {
            case ORIGINAL -> archivedMs;
            case NOW -> clock.millis();
            case SHIFT -> shifted(archivedMs);
        };
    }

    /** The oldest timestamp that reaches the target; empty when there is none or all are new. */
    OptionalLong oldest(OptionalLong archivedMs) {
        return switch (kind) {
            case ORIGINAL -> archivedMs;
            case NOW -> OptionalLong.empty();
            case SHIFT ->
                archivedMs.isEmpty() ? archivedMs : OptionalLong.of(saturatedSum(archivedMs.getAsLong(), shiftMs));
        };
    }

    private long shifted(long archivedMs) {
        long sumMs = saturatedSum(archivedMs, shiftMs);
        if (sumMs < 0 || sumMs == Long.MAX_VALUE) {
            throw new DataException("Timestamp " + archivedMs + " ms cannot be shifted by " + shiftMs
                    + " ms: Kafka keeps milliseconds since 1970. Correct " + PaceOptions.SHIFT_MS + " or "
                    + PaceOptions.SHIFT_TO + ".");
        }
        return sumMs;
    }

    private static long saturatedSum(long a, long b) {
        long sum = a + b;
        if (((a ^ sum) & (b ^ sum)) < 0) {
            return a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return sum;
    }
}
