package io.firn.flink.source;

import io.firn.error.ConfigException;
import io.firn.flink.TableLocation;
import java.io.Serializable;
import java.time.Duration;

/**
 * What the user has set, as it travels to JobManager and TaskManagers.
 *
 * @param location the table
 * @param choice which of its records are read
 * @param mode how it is divided
 * @param size how large splits are in mode {@link SplitMode#RANGES}
 * @param discoveryInterval how often new writers are looked for in mode {@link SplitMode#FOLLOW}
 * @param recordsPerSecond limit of all readers together; 0 is none
 * @param beforeKafka whether live Kafka goes on behind it, so that the table must say where
 */
record SourceSettings(
        TableLocation location,
        ReadChoice choice,
        SplitMode mode,
        SplitSize size,
        Duration discoveryInterval,
        double recordsPerSecond,
        boolean beforeKafka)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    SourceSettings {
        if (choice.fromNs() > choice.toNs()) {
            throw new ConfigException("The source reads from " + choice.fromNs() + " to " + choice.toNs()
                    + " (nanoseconds since 1970): the end is before the start; swap them, or leave one out");
        }
        if (discoveryInterval.toMillis() < 1) {
            throw new ConfigException("Invalid value " + discoveryInterval
                    + " for the discovery interval: new writers are looked for at most every millisecond");
        }
        if (!(recordsPerSecond >= 0) || Double.isInfinite(recordsPerSecond)) {
            throw new ConfigException("Invalid value " + recordsPerSecond
                    + " for the rate limit: give a number of records per second above 0, or leave it out");
        }
    }

    /**
     * About how much a split holds.
     *
     * @param records number of records, at least 1
     * @param bytes uncompressed bytes, at least 1
     */
    record SplitSize(long records, long bytes) implements Serializable {
        private static final long serialVersionUID = 1L;

        SplitSize {
            if (records < 1 || bytes < 1) {
                throw new ConfigException("Invalid size of splits, " + records + " records and " + bytes
                        + " bytes: both must be at least 1");
            }
        }
    }
}
