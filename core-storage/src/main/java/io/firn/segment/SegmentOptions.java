package io.firn.segment;

import io.firn.fs.BufferPool;
import io.firn.fs.SpaceReserver;
import java.util.Optional;

/**
 * How a segment is written.
 *
 * @param segmentSizeBytes when a segment counts as full, {@code >= 64 KiB}; a single record may be larger
 * @param indexStride records per entry of the sparse index, {@code >= 1}
 * @param reserver writes zeros ahead of mapped memory
 * @param buffers where the memory of a writer comes from that writes its file by position; empty: the file is mapped
 */
public record SegmentOptions(
        long segmentSizeBytes, int indexStride, SpaceReserver reserver, Optional<BufferPool> buffers) {
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

    /** Options of a mapped writer. */
    public SegmentOptions(long segmentSizeBytes, int indexStride, SpaceReserver reserver) {
        this(segmentSizeBytes, indexStride, reserver, Optional.empty());
    }

    /** The same for a writer that collects records in a buffer and writes by position. */
    public SegmentOptions buffered(BufferPool pool) {
        return new SegmentOptions(segmentSizeBytes, indexStride, reserver, Optional.of(pool));
    }

    /** The same for segments of another size. */
    public SegmentOptions withSegmentSizeBytes(long bytes) {
        return new SegmentOptions(bytes, indexStride, reserver, buffers);
    }
}
