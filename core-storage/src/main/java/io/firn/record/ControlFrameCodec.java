package io.firn.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Encodes and decodes control frames: entries of the logs of lanes and catalog, and the definitions inside a segment.
 *
 * <p>A control frame is a frame with the control flag, a type, and a payload; timestamp and sequence are zero. Buffers
 * are little-endian and may be on the heap or direct. Confined to one thread; the thread may change.
 */
public final class ControlFrameCodec {
    /** The longest payload. */
    public static final int MAX_PAYLOAD_SIZE = FrameFormat.MAX_LENGTH - FrameFormat.FIXED_SIZE;

    private final FrameChecksum checksum;
    private final FrameVerifier verifier;

    /** Creates a codec for files with this salt. */
    public ControlFrameCodec(int salt) {
        this.checksum = new FrameChecksum(salt);
        this.verifier = new FrameVerifier(salt);
    }

    /** The padded size of a control frame with a payload of so many bytes, 0 to {@link #MAX_PAYLOAD_SIZE}. */
    public static int encodedSize(int payloadSizeBytes) {
        if (payloadSizeBytes < 0 || payloadSizeBytes > MAX_PAYLOAD_SIZE) {
            throw new IllegalArgumentException("payload of " + payloadSizeBytes + " bytes");
        }
        return FrameFormat.paddedLength(FrameFormat.FIXED_SIZE + payloadSizeBytes);
    }

    /**
     * Puts a whole frame, length word included, at the target's position, which then stands behind the frame.
     *
     * @param type 0 to 65535
     * @param payload its remaining bytes are taken, its position does not change
     * @param target little-endian, with room for {@link #encodedSize} bytes
     */
    public void encode(int type, ByteBuffer payload, ByteBuffer target) {
        int start = target.position();
        int end = start + encodedSize(payload.remaining());
        if (end < start || end > target.limit()) {
            throw new IllegalArgumentException(
                    "a frame of " + (end - start) + " bytes, but only " + target.remaining() + " left");
        }
        int length = encodeBody(type, payload, target, start);
        target.putInt(start + FrameFormat.LENGTH_OFFSET, length);
        target.position(end);
    }

    /** Puts everything but the length word, for writers that publish it later; returns the length. */
    public int encodeUnpublished(int type, ByteBuffer payload, ByteBuffer target, int position) {
        return encodeBody(type, payload, target, position);
    }

    private int encodeBody(int type, ByteBuffer payload, ByteBuffer target, int start) {
        if (type < 0 || type > StreamRecord.MAX_TYPE_ID) {
            throw new IllegalArgumentException("type " + type + " is not in 0.." + StreamRecord.MAX_TYPE_ID);
        }
        int length = FrameFormat.FIXED_SIZE + payload.remaining();
        int padded = FrameFormat.paddedLength(length);
        if ((length & (FrameFormat.ALIGNMENT - 1)) != 0) {
            target.putLong(start + padded - FrameFormat.ALIGNMENT, 0);
        }
        target.putLong(start + FrameFormat.TIMESTAMP_OFFSET, 0);
        target.putInt(start + FrameFormat.SEQUENCE_OFFSET, 0);
        target.putShort(start + FrameFormat.TYPE_OFFSET, (short) type);
        target.putShort(start + FrameFormat.FLAGS_OFFSET, (short) FrameFormat.FLAG_CONTROL);
        target.put(start + FrameFormat.FIXED_SIZE, payload, payload.position(), payload.remaining());
        target.putInt(start + FrameFormat.CRC_OFFSET, checksum.of(target, start, length));
        return length;
    }

    /** Says what stands at a position; {@link FrameState#BAD} also for a valid frame that is no control frame. */
    public FrameState check(ByteBuffer source, int position) {
        FrameState state = verifier.check(source, position, source.limit());
        return state == FrameState.VALID && !isControl(source, position) ? FrameState.BAD : state;
    }

    /** Says why {@link #check} did not find a valid frame; for messages. */
    public String describe(ByteBuffer source, int position) {
        FrameState state = verifier.check(source, position, source.limit());
        return state == FrameState.VALID && !isControl(source, position)
                ? "a valid frame that is no control frame"
                : verifier.describe(source, position, source.limit());
    }

    /** Decodes the frame at a position where {@link #check} has found {@link FrameState#VALID}. */
    public ControlFrame decode(ByteBuffer source, int position) {
        if (!isControl(source, position)) {
            throw new IllegalArgumentException("no control frame at " + position);
        }
        int length = source.getInt(position);
        ByteBuffer payload = source.asReadOnlyBuffer()
                .limit(position + length)
                .position(position + FrameFormat.FIXED_SIZE)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        int type = Short.toUnsignedInt(source.getShort(position + FrameFormat.TYPE_OFFSET));
        return new ControlFrame(type, payload, FrameFormat.paddedLength(length));
    }

    private static boolean isControl(ByteBuffer source, int position) {
        return source.getShort(position + FrameFormat.FLAGS_OFFSET) == FrameFormat.FLAG_CONTROL
                && source.getLong(position + FrameFormat.TIMESTAMP_OFFSET) == 0
                && source.getInt(position + FrameFormat.SEQUENCE_OFFSET) == 0;
    }
}
