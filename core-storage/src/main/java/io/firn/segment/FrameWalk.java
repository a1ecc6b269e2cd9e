package io.firn.segment;

import io.firn.error.CorruptDataException;
import io.firn.record.FrameChecksum;
import io.firn.record.FrameFormat;
import io.firn.record.Timestamps;
import io.firn.record.Varint;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * Walks over frames that stand one after another in a buffer, collects what a block directory says of them and takes
 * their checksums out. Confined to one thread.
 */
final class FrameWalk {
    private final Path path;
    private final ContextTable contexts;

    private int recordCount;
    private long firstSequence;
    private long lowest;
    private long highest;
    private BitSet seen = new BitSet();
    private int lastContext;

    /** Creates a walk; the path is for messages. */
    FrameWalk(Path path, ContextTable contexts) {
        this.path = path;
        this.contexts = contexts;
    }

    /**
     * Walks over whole frames from index 0 and sets their checksum words to zero. Their content is not trusted yet:
     * whoever verifies the result compares all bytes.
     *
     * @param frames little-endian
     * @param limit end of the bytes, exclusive
     * @param rawOffset raw offset of index 0
     * @return the block that the whole frames make; 0 bytes when not even the first one is complete
     */
    ColdBlock takeBlock(ByteBuffer frames, int limit, long rawOffset) {
        recordCount = 0;
        lowest = Long.MAX_VALUE;
        highest = Long.MIN_VALUE;
        seen = new BitSet();
        lastContext = -1;
        int at = 0;
        while (limit - at >= FrameFormat.FIXED_SIZE) {
            int padded = paddedLength(frames, at, rawOffset);
            if (padded > limit - at) {
                break;
            }
            note(frames, at, rawOffset + at);
            frames.putInt(at + FrameFormat.CRC_OFFSET, 0);
            at += padded;
        }
        return new ColdBlock(
                rawOffset,
                at,
                ColdFormat.ENCODING_FRAMES,
                recordCount,
                firstSequence,
                new Range(lowest, highest),
                seen);
    }

    private int paddedLength(ByteBuffer frames, int at, long rawOffset) {
        int length = frames.getInt(at);
        if (length < FrameFormat.FIXED_SIZE || length > FrameFormat.MAX_LENGTH) {
            throw new CorruptDataException(path, rawOffset + at, "a frame of impossible length " + length);
        }
        return FrameFormat.paddedLength(length);
    }

    /** Looks at what the directory needs only: this is done for every record. */
    private void note(ByteBuffer frames, int at, long offset) {
        int flags = frames.getShort(at + FrameFormat.FLAGS_OFFSET);
        if ((flags & FrameFormat.FLAG_CONTROL) != 0) {
            return;
        }
        int reference = (flags & FrameFormat.FLAG_CONTEXT) == 0 ? 0 : contextReference(frames, at, offset);
        if (reference != lastContext) {
            seen.set(reference);
            lastContext = reference;
        }
        if (recordCount == 0) {
            firstSequence = sequence(frames, at, reference, offset);
        }
        recordCount++;
        long timestamp = frames.getLong(at + FrameFormat.TIMESTAMP_OFFSET);
        if ((flags & FrameFormat.FLAG_MILLIS) != 0) {
            timestamp = Timestamps.saturatedNs(timestamp);
        }
        lowest = Math.min(lowest, timestamp);
        highest = Math.max(highest, timestamp);
    }

    private int contextReference(ByteBuffer frames, int at, long offset) {
        long decoded = Varint.decode(frames, at + FrameFormat.FIXED_SIZE, at + frames.getInt(at));
        if (decoded == Varint.MALFORMED || Varint.value(decoded) >= SegmentFormat.MAX_CONTEXTS) {
            throw new CorruptDataException(path, offset, "a malformed context reference");
        }
        return Varint.value(decoded);
    }

    private long sequence(ByteBuffer frames, int at, int reference, long offset) {
        SegmentContext context = contexts.find(reference);
        if (context == null) {
            throw new CorruptDataException(path, offset, "a record of the undefined context " + reference);
        }
        return context.baseSequence() + Integer.toUnsignedLong(frames.getInt(at + FrameFormat.SEQUENCE_OFFSET));
    }

    /**
     * The padded length of a frame within a block, checked: a block may pass its checksums and still be nonsense.
     */
    static int paddedLength(ByteBuffer frames, int at, int limit, Path path) {
        int length = limit - at < FrameFormat.FIXED_SIZE ? 0 : frames.getInt(at);
        if (length < FrameFormat.FIXED_SIZE
                || length > FrameFormat.MAX_LENGTH
                || FrameFormat.paddedLength(length) > limit - at) {
            throw new CorruptDataException(path, at, "a block holds a frame of impossible length " + length);
        }
        return FrameFormat.paddedLength(length);
    }

    /** Sets the checksum words of the frames that fill a block as the hot form has them. */
    static void restoreChecksums(ByteBuffer frames, FrameChecksum checksum, Path path) {
        int limit = frames.capacity();
        int at = 0;
        while (at < limit) {
            int padded = paddedLength(frames, at, limit, path);
            frames.putInt(at + FrameFormat.CRC_OFFSET, checksum.of(frames, at, frames.getInt(at)));
            at += padded;
        }
    }
}
