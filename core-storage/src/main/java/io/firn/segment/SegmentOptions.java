package io.firn.segment;

import io.firn.fs.SpaceReserver;

/**
 * How a segment is written.
 *
 * @param segmentSizeBytes when a segment counts as full, {@code >= 64 KiB}; a single record may be larger
 * @param indexStride records per entry of the sparse index, {@code >= 1}
 * @param reserver writes zeros ahead
 */
public record SegmentOptions(long segmentSizeBytes, int indexStride, SpaceReserver reserver) {
    /** Checks the numbers. */
    public SegmentOptions {
        if (segmentSizeBytes < SegmentFormat.FIRST_RESERVATION_BYTES) {
            throw new IllegalArgumentException("segment size " + segmentSizeBytes + " is below "
                    + SegmentFormat.FIRST_RESERVATION_BYTES + " bytes");
        }
        if (indexStride < 1) {
            throw new IllegalArgumentException("index stride " + indexStride + " is below 1");
        }
    }
}
