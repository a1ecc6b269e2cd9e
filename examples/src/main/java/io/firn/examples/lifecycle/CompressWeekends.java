package io.firn.examples.lifecycle;

import io.firn.table.SegmentInfo;
import io.firn.table.SegmentRule;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;

/** A rule of one's own, named by {@code compression.policy}: what was made on a weekend. Thread-safe. */
public final class CompressWeekends implements SegmentRule {
    @Override
    public boolean isDue(SegmentInfo segment, Instant now) {
        DayOfWeek day = segment.createdAt().atOffset(ZoneOffset.UTC).getDayOfWeek();
        return day == DayOfWeek.SATURDAY || day == DayOfWeek.SUNDAY;
    }
}
