package io.firn.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.concurrent.TimeUnit;

/** Times as people write and read them. Thread-safe: no state. */
final class TimeText {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private static final String MILLIS = "@ms";

    private TimeText() {}

    /**
     * Reads ISO 8601 (UTC when it names no offset; a date is its first moment) or milliseconds since 1970, which may
     * say that they are: {@code 2001@ms}. A bare number that looks like a year or a date is refused.
     */
    static long parseNs(String option, String text) {
        if (text.matches("\\d{4}|\\d{8}")) {
            throw new UsageException(option + " '" + text + "': write a date as 2001-01-31, or " + text
                    + "@ms for so many milliseconds since 1970");
        }
        try {
            if (text.matches("-?\\d+(@ms)?")) {
                long ms = Long.parseLong(
                        text.endsWith(MILLIS) ? text.substring(0, text.length() - MILLIS.length()) : text);
                return Math.multiplyExact(ms, TimeUnit.MILLISECONDS.toNanos(1));
            }
            Instant instant = parseIso(text);
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
        } catch (DateTimeException | ArithmeticException | NumberFormatException wrong) {
            throw new UsageException(option + " '" + text + "': write a time like 2001-01-31, 2001-01-31T23:59:00Z or"
                    + " 980985540000 (milliseconds since 1970), in the years 1678 to 2261");
        }
    }

    private static Instant parseIso(String text) {
        String iso = text.replace(' ', 'T');
        if (iso.indexOf('T') < 0) {
            return LocalDate.parse(iso).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        TemporalAccessor parsed =
                DateTimeFormatter.ISO_DATE_TIME.parseBest(iso, OffsetDateTime::from, LocalDateTime::from);
        return parsed instanceof OffsetDateTime offset
                ? offset.toInstant()
                : ((LocalDateTime) parsed).toInstant(ZoneOffset.UTC);
    }

    /** ISO 8601 in UTC. */
    static String format(long timestampNs) {
        return Instant.ofEpochSecond(
                        Math.floorDiv(timestampNs, NANOS_PER_SECOND), Math.floorMod(timestampNs, NANOS_PER_SECOND))
                .toString();
    }
}
