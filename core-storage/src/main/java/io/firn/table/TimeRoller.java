package io.firn.table;

import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.partition.RecordOrigin;
import io.firn.record.StreamRecord;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A partition for each day, hour or minute of a time zone, by the record's timestamp.
 *
 * <p>A day of a clock change has 23 or 25 hours. The hour that a clock change repeats is one partition of two hours,
 * and its minutes share their partitions. Thread-safe.
 */
public final class TimeRoller implements Roller {
    private final PartitionMapping mapping; // it does the calendar
    private volatile @Nullable Known last;

    private TimeRoller(PartitionMapping mapping) {
        this.mapping = mapping;
    }

    /** Days in UTC, {@code dt=2001-01-31}, for tables with the scheme {@code field:date}. */
    public static TimeRoller days(String field) {
        return days(field, ZoneOffset.UTC);
    }

    /**
     * Days in a time zone.
     *
     * @throws io.firn.error.ConfigException when the field's name is not legal
     */
    public static TimeRoller days(String field, ZoneId zone) {
        return of(field, "date", zone);
    }

    /** Hours in UTC, {@code h=2001-01-31-23}, for tables with the scheme {@code field:hour}. */
    public static TimeRoller hours(String field) {
        return hours(field, ZoneOffset.UTC);
    }

    /** Hours in a time zone; errors as in {@link #days(String, ZoneId)}. */
    public static TimeRoller hours(String field, ZoneId zone) {
        return of(field, "hour", zone);
    }

    /** Minutes in UTC, {@code m=2001-01-31-23-59}, for tables with the scheme {@code field:minute}. */
    public static TimeRoller minutes(String field) {
        return minutes(field, ZoneOffset.UTC);
    }

    /** Minutes in a time zone; errors as in {@link #days(String, ZoneId)}. */
    public static TimeRoller minutes(String field, ZoneId zone) {
        return of(field, "minute", zone);
    }

    private static TimeRoller of(String field, String type, ZoneId zone) {
        return new TimeRoller(PartitionMapping.parse(field + ":" + type + "=timestamp", zone));
    }

    @Override
    public PartitionScheme scheme() {
        return mapping.scheme();
    }

    @Override
    public PartitionValues partitionOf(StreamRecord record) {
        String path = mapping.pathFor(record, RecordOrigin.NONE);
        Known known = last;
        if (known == null || !known.path.equals(path)) {
            known = new Known(path, mapping.scheme().parsePath(path));
            last = known;
        }
        return known.values;
    }

    private record Known(String path, PartitionValues values) {}
}
