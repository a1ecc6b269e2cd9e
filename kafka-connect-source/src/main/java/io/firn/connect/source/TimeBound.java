package io.firn.connect.source;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

/**
 * Reads one end of a time range: milliseconds since the epoch, an ISO-8601 time with zone, or an ISO-8601 date (its
 * midnight in UTC).
 *
 * <p>Thread-safe.
 */
final class TimeBound {
    private TimeBound() {}

    /**
     * Milliseconds since the epoch, empty for an empty text.
     *
     * @throws IllegalArgumentException saying what is accepted
     */
    static OptionalLong parseMs(String text) {
        String trimmed = text.trim();
        if (trimmed.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(parse(trimmed));
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "expected milliseconds since the epoch (978307200000), an ISO-8601 time with zone"
                            + " (2001-01-01T00:00:00Z) or a date (2001-01-01, midnight UTC)",
                    e);
        }
    }

    private static long parse(String text) {
        if (text.matches("-?\\d+")) {
            return Long.parseLong(text);
        }
        if (text.indexOf('T') < 0) {
            return LocalDate.parse(text)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant()
                    .toEpochMilli();
        }
        Instant instant = OffsetDateTime.parse(text).toInstant();
        if (!instant.truncatedTo(ChronoUnit.MILLIS).equals(instant)) {
            throw new ArithmeticException("finer than a millisecond");
        }
        return instant.toEpochMilli();
    }
}
