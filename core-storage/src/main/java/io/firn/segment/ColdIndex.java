package io.firn.segment;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What the index frame of a cold file holds: header and footer exactly as in the hot form, and the block directory.
 *
 * @param header bytes of the header, read-only, position 0
 * @param footer bytes of sections and trailer, read-only, position 0
 * @param blocks the blocks in order; they follow each other without gaps
 */
record ColdIndex(ByteBuffer header, ByteBuffer footer, List<ColdBlock> blocks) {
    ColdIndex {
        header = header.asReadOnlyBuffer();
        footer = footer.asReadOnlyBuffer();
        blocks = List.copyOf(blocks);
    }

    /** Raw offset of the first frame. */
    long dataStart() {
        return header.capacity();
    }

    /** Raw offset behind the last frame. */
    long dataEnd() {
        return blocks.isEmpty() ? dataStart() : blocks.get(blocks.size() - 1).rawEnd();
    }

    /** Bytes of the hot form. */
    long hotSizeBytes() {
        return dataEnd() + SegmentFormat.END_WORD_SIZE + footer.capacity();
    }

    /** The block that holds a raw offset in [dataStart, dataEnd). */
    int blockAt(long rawOffset) {
        int low = 0;
        int high = blocks.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (blocks.get(middle).rawOffset() <= rawOffset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
