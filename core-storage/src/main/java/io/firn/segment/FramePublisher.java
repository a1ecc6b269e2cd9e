package io.firn.segment;

import io.firn.record.FrameFormat;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The one place where length words are published and looked at across threads and processes. Thread-safe: no state.
 */
final class FramePublisher {
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private FramePublisher() {}

    /** Makes a frame visible: first a zero where the next one will start, then, with release, the length. */
    static void publish(ByteBuffer frames, int position, int length) {
        frames.putInt(position + FrameFormat.paddedLength(length), FrameFormat.LENGTH_ABSENT);
        WORD.setRelease(frames, position, length);
    }

    /** Ends the frames of a segment. */
    static void publishEnd(ByteBuffer frames, int position) {
        frames.putInt(position + Integer.BYTES, 0);
        WORD.setRelease(frames, position, FrameFormat.LENGTH_END);
    }

    /** The length word at a position; what was written before it was published is visible afterwards. */
    static int lengthAt(ByteBuffer frames, int position) {
        return (int) WORD.getAcquire(frames, position);
    }
}
