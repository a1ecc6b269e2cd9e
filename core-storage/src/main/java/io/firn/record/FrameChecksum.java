package io.firn.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Computes checksums of frames that stand in a direct buffer, without allocating per frame.
 *
 * <p>Salt and length take part, so that stale bytes of another file, or a length word that does not belong to the body,
 * never pass. Confined to one thread; the thread may change.
 */
public final class FrameChecksum {
    private final CRC32C crc = new CRC32C();
    private final int salt;
    private @Nullable ByteBuffer source;
    private ByteBuffer window = ByteBuffer.allocate(0);

    /** Creates the calculator for files with this salt. */
    public FrameChecksum(int salt) {
        this.salt = salt;
    }

    /**
     * The checksum of the frame at a position; its padded bytes must lie within the buffer's capacity.
     *
     * @param frames little-endian; position and limit do not matter and do not change
     * @param position where the frame starts
     * @param length the unpadded length
     */
    @SuppressWarnings("ReferenceEquality") // is it the buffer that the window was made of?
    public int of(ByteBuffer frames, int position, int length) {
        if (frames != source) {
            attach(frames);
        }
        window.limit(position + FrameFormat.paddedLength(length)).position(position + FrameFormat.TIMESTAMP_OFFSET);
        crc.reset();
        crc.update(window);
        return (int) crc.getValue() ^ salt ^ length;
    }

    private void attach(ByteBuffer frames) {
        if (frames.order() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalArgumentException("frames are little-endian, the buffer is " + frames.order());
        }
        source = frames;
        window = frames.duplicate();
        window.clear();
    }
}
