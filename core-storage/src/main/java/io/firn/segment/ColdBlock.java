package io.firn.segment;

import java.util.BitSet;

/**
 * What the block directory of a cold file says of a block.
 *
 * @param rawOffset where its first frame starts in the hot form
 * @param rawBytes bytes of its frames in the hot form
 * @param encoding how the frames are stored
 * @param recordCount its records; without any the values below mean nothing
 * @param firstSequence sequence of its first record
 * @param timestamps lowest and highest timestamp in nanoseconds (saturated)
 * @param contexts references of the contexts of its records, shared: do not change
 */
record ColdBlock(
        long rawOffset,
        int rawBytes,
        int encoding,
        int recordCount,
        long firstSequence,
        Range timestamps,
        BitSet contexts) {
    /** The same frames, stored in another way. */
    ColdBlock withEncoding(int other) {
        return new ColdBlock(rawOffset, rawBytes, other, recordCount, firstSequence, timestamps, contexts);
    }

    /** Raw offset behind the block's last frame. */
    long rawEnd() {
        return rawOffset + rawBytes;
    }
}
