package io.firn.table;

import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A partition for each minute of a time zone: {@code m=2001-01-31-23-59}. The minutes of
 * the hour that a clock change repeats share their partitions.
 *
 * <p>Thread-safe.
 */
public final class MinuteRoller implements Roller {
    private final TimeRoller roller;

    private MinuteRoller(TimeRoller roller) {
        this.roller = roller;
    }

    /** Makes a roller in UTC for tables with the scheme {@code field:minute}. */
    public static MinuteRoller of(String field) {
        return of(field, ZoneOffset.UTC);
    }

    /**
     * Makes a roller in a time zone.
     *
     * @throws io.firn.error.ConfigException when the field's name is not legal
     */
    public static MinuteRoller of(String field, ZoneId zone) {
        return new MinuteRoller(TimeRoller.of(field, "minute", zone));
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
