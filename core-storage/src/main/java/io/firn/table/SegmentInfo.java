package io.firn.table;

import io.firn.error.ConfigException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a compression policy and a listing know about one segment.
 *
 * @param id identity of the segment within its table; it stays when the file is moved
 * @param path path relative to the table's directory, with {@code /}
 * @param partitionPath Hive path of its partition, empty when it has none of its own
 * @param tier how it is stored
 * @param sealed whether no record can be added any more
 * @param usedBytes bytes of records and index, without space that is only reserved
 * @param fileBytes size of the file
 * @param createdAt when the file was made
 * @param lastWriteAt when its newest record was committed
 * @param lastAccessAt when it was last read, null when never or not tracked
 * @param readCount how often it was opened for reading, 0 when not tracked
 * @param minTimestampNs lowest timestamp in nanoseconds
 * @param maxTimestampNs highest timestamp in nanoseconds
 */
public record SegmentInfo(
        String id,
        String path,
        String partitionPath,
        SegmentTier tier,
        boolean sealed,
        long usedBytes,
        long fileBytes,
        Instant createdAt,
        Instant lastWriteAt,
        @Nullable Instant lastAccessAt,
        long readCount,
        long minTimestampNs,
        long maxTimestampNs) {
    /** Validates that sizes and counts are not negative. */
    public SegmentInfo {
        if (usedBytes < 0 || fileBytes < 0 || readCount < 0) {
            throw new ConfigException("Negative size or count in the segment information of " + path + ": usedBytes="
                    + usedBytes + ", fileBytes=" + fileBytes + ", readCount=" + readCount);
        }
    }

    /** When it was last read or written. */
    public Instant lastUseAt() {
        return lastAccessAt != null && lastAccessAt.isAfter(lastWriteAt) ? lastAccessAt : lastWriteAt;
    }
}
