package io.firn.log;

import java.util.List;
import java.util.Optional;

/**
 * A segment that the catalog makes visible: what planning needs to know without opening the file.
 *
 * @param path path relative to the table's directory, with {@code /}
 * @param partitionPath Hive path of its partition, empty when the table is not partitioned
 * @param cold whether it is compressed
 * @param sizeBytes size of the file
 * @param rawBytes size of its uncompressed form
 * @param records number of records
 * @param minTimestampNs lowest timestamp, nanoseconds
 * @param maxTimestampNs highest timestamp, nanoseconds
 * @param createdMs when this file was made, milliseconds
 * @param lastWriteMs when the newest of its records was committed at the latest, milliseconds
 * @param lanes what it holds of each lane
 */
public record SegmentEntry(
        String path,
        String partitionPath,
        boolean cold,
        long sizeBytes,
        long rawBytes,
        long records,
        long minTimestampNs,
        long maxTimestampNs,
        long createdMs,
        long lastWriteMs,
        List<LaneRange> lanes) {
    /** Copies the list. */
    public SegmentEntry {
        lanes = List.copyOf(lanes);
    }

    /** What the segment holds of a lane. */
    public Optional<LaneRange> range(String lane) {
        return lanes.stream().filter(range -> range.lane().equals(lane)).findFirst();
    }
}
