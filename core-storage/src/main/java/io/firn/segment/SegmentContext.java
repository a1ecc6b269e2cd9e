package io.firn.segment;

/**
 * Where the records of a segment that carry its reference belong.
 *
 * @param ref the reference in the frames; 0 is defined by the segment's header
 * @param lane the lane (writer) of the records
 * @param partitionPath the Hive path of their partition, empty in an unpartitioned table
 * @param baseSequence what the frames' sequence numbers are relative to
 */
public record SegmentContext(int ref, String lane, String partitionPath, long baseSequence) {
    /** Checks the reference. */
    public SegmentContext {
        if (ref < 0 || ref >= SegmentFormat.MAX_CONTEXTS) {
            throw new IllegalArgumentException("context reference " + ref);
        }
    }

    /** Whether a frame of this context can carry a sequence: the distance to the base is an unsigned 32-bit number. */
    public boolean covers(long sequence) {
        return sequence >= baseSequence && Long.compareUnsigned(sequence - baseSequence, 0xffff_ffffL) <= 0;
    }
}
