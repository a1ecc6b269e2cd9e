package io.firn.record;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The one judge of frames: segments and logs, readers and recovery ask it what stands at a position.
 *
 * <p>It reads the length word plainly: the caller has made sure that the bytes are published (a private copy, or below
 * a limit that was read with acquire). Confined to one thread; the thread may change.
 */
public final class FrameVerifier {
    private final @Nullable FrameChecksum checksum;

    /** Creates the judge for files with this salt. */
    public FrameVerifier(int salt) {
        this(new FrameChecksum(salt));
    }

    private FrameVerifier(@Nullable FrameChecksum checksum) {
        this.checksum = checksum;
    }

    /** Creates the judge for frames whose checksums were left out (zero) because their block has one of its own. */
    public static FrameVerifier ofFramesWithoutChecksums() {
        return new FrameVerifier((FrameChecksum) null);
    }

    /**
     * Says what stands at a position.
     *
     * @param frames little-endian; position and limit do not matter and do not change
     * @param position where a frame may start
     * @param limit end of the bytes that may be looked at, exclusive
     */
    public FrameState check(ByteBuffer frames, int position, int limit) {
        if (limit - position < Integer.BYTES) {
            return FrameState.INCOMPLETE;
        }
        int length = frames.getInt(position);
        if (length < FrameFormat.FIXED_SIZE || length > FrameFormat.MAX_LENGTH) {
            return ofWord(length);
        }
        int padded = FrameFormat.paddedLength(length);
        if (padded > limit - position) {
            return FrameState.INCOMPLETE;
        }
        boolean intact = paddingIsZero(frames, position, length)
                && frames.getInt(position + FrameFormat.CRC_OFFSET) == expectedChecksum(frames, position, length);
        return intact ? FrameState.VALID : FrameState.BAD;
    }

    /** Says why {@link #check} did not find a valid frame; for messages. */
    public String describe(ByteBuffer frames, int position, int limit) {
        return switch (check(frames, position, limit)) {
            case VALID -> "a valid frame";
            case ABSENT -> "no frame (length word 0)";
            case END -> "the end word";
            case INCOMPLETE ->
                limit - position < Integer.BYTES
                        ? "only " + (limit - position) + " bytes left"
                        : "a frame of " + frames.getInt(position) + " bytes, but only " + (limit - position) + " left";
            case BAD -> describeBad(frames, position);
        };
    }

    private int expectedChecksum(ByteBuffer frames, int position, int length) {
        return checksum == null ? 0 : checksum.of(frames, position, length);
    }

    private String describeBad(ByteBuffer frames, int position) {
        int length = frames.getInt(position);
        if (length < FrameFormat.FIXED_SIZE || length > FrameFormat.MAX_LENGTH) {
            return "an impossible frame length " + length;
        }
        if (!paddingIsZero(frames, position, length)) {
            return "a frame of " + length + " bytes whose padding is not zero";
        }
        return String.format(
                "a frame of %d bytes with checksum 0x%08x, computed 0x%08x",
                length, frames.getInt(position + FrameFormat.CRC_OFFSET), expectedChecksum(frames, position, length));
    }

    private static FrameState ofWord(int length) {
        return switch (length) {
            case FrameFormat.LENGTH_ABSENT -> FrameState.ABSENT;
            case FrameFormat.LENGTH_END -> FrameState.END;
            default -> FrameState.BAD;
        };
    }

    /** Looks at the last word of the frame, whose high bytes are the padding. */
    private static boolean paddingIsZero(ByteBuffer frames, int position, int length) {
        int tail = length & (FrameFormat.ALIGNMENT - 1);
        return tail == 0 || frames.getLong(position + length - tail) >>> (tail * Byte.SIZE) == 0;
    }
}
