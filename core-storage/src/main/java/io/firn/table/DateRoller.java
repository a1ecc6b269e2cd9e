package io.firn.table;

import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A partition for each day of a time zone: {@code dt=2001-01-31}. A day of a clock change has 23 or
 * 25 hours.
 *
 * <p>Thread-safe.
 */
public final class DateRoller implements Roller {
    private final TimeRoller roller;

    private DateRoller(TimeRoller roller) {
        this.roller = roller;
    }

    /** Makes a roller in UTC for tables with the scheme {@code field:date}. */
    public static DateRoller of(String field) {
        return of(field, ZoneOffset.UTC);
    }

    /**
     * Makes a roller in a time zone.
     *
     * @throws io.firn.error.ConfigException when the field's name is not legal
     */
    public static DateRoller of(String field, ZoneId zone) {
        return new DateRoller(TimeRoller.of(field, "date", zone));
    }

    @Override
    public PartitionScheme scheme() {
        return roller.scheme();
    }

    @Override
    public PartitionValues partitionOf(StreamRecord record) {
        return roller.partitionOf(record);
    }
}
