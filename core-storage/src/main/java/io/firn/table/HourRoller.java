package io.firn.table;

import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A partition for each hour of a time zone: {@code h=2001-01-31-23}. The hour that a clock
 * change repeats is one partition of two hours.
 *
 * <p>Thread-safe.
 */
public final class HourRoller implements Roller {
    private final TimeRoller roller;

    private HourRoller(TimeRoller roller) {
        this.roller = roller;
    }

    /** Makes a roller in UTC for tables with the scheme {@code field:hour}. */
    public static HourRoller of(String field) {
        return of(field, ZoneOffset.UTC);
    }

    /**
     * Makes a roller in a time zone.
     *
     * @throws io.firn.error.ConfigException when the field's name is not legal
     */
    public static HourRoller of(String field, ZoneId zone) {
        return new HourRoller(TimeRoller.of(field, "hour", zone));
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
