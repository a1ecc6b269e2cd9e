package io.firn.partition;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * Turns instants into local time of a zone; it remembers between which two clock changes the last instant lay, so that
 * most calls are one addition.
 *
 * <p>Confined to one thread.
 */
final class ZoneClock {
    private final ZoneRules rules;
    private long validFrom;
    private long validTo;
    private int offsetSeconds;

    ZoneClock(ZoneId zone) {
        this.rules = zone.getRules();
        if (rules.isFixedOffset()) {
            validFrom = Instant.MIN.getEpochSecond();
            validTo = Instant.MAX.getEpochSecond();
            offsetSeconds = rules.getOffset(Instant.EPOCH).getTotalSeconds();
        }
    }

    /** Whether an instant can be told in local time at all: about a billion years around 1970. */
    static boolean isTellable(long epochSeconds) {
        return epochSeconds > Instant.MIN.getEpochSecond() + 86_400
                && epochSeconds < Instant.MAX.getEpochSecond() - 86_400;
    }

    /** Seconds since 1970-01-01T00:00 on the zone's own clock; the instant must be tellable. */
    long localSeconds(long epochSeconds) {
        if (epochSeconds < validFrom || epochSeconds >= validTo) {
            look(epochSeconds);
        }
        return epochSeconds + offsetSeconds;
    }

    /** The first instant, seconds, for which the difference to local time is that of the last call. */
    long validFrom() {
        return validFrom;
    }

    /** The first instant after those. */
    long validTo() {
        return validTo;
    }

    private void look(long epochSeconds) {
        Instant instant = Instant.ofEpochSecond(epochSeconds);
        ZoneOffsetTransition next = rules.nextTransition(instant);
        offsetSeconds = rules.getOffset(instant).getTotalSeconds();
        validTo = next == null ? Instant.MAX.getEpochSecond() : next.toEpochSecond();
        ZoneOffsetTransition previous = rules.previousTransition(instant.plusSeconds(1));
        validFrom = previous == null ? Instant.MIN.getEpochSecond() : previous.toEpochSecond();
    }
}
