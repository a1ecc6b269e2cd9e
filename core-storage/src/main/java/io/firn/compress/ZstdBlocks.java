package io.firn.compress;

import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/**
 * Single blocks of bytes as zstd frames with content size and checksum, by the shared contexts of a {@link ZstdCodecs}.
 * Thread-safe.
 */
public final class ZstdBlocks {
    private final ZstdCodecs codecs;
    private final int level;
    private final int highLevel;

    /**
     * Uses the contexts of some codecs.
     *
     * @param level compression level, 1 to 22
     * @param highLevel that of {@link #compressHarder}, 1 to 22
     */
    public ZstdBlocks(ZstdCodecs codecs, int level, int highLevel) {
        this.codecs = codecs;
        this.level = ZstdCodecs.checkLevel(level);
        this.highLevel = ZstdCodecs.checkLevel(highLevel);
    }

    /** Most bytes that a frame of so many raw bytes takes. */
    public static int maxFrameBytes(int rawBytes) {
        return Math.toIntExact(SeekableFormat.compressBound(rawBytes));
    }

    /**
     * Compresses the source's remaining bytes into a frame at the target's position; neither position moves.
     *
     * @param source direct
     * @param target direct, with room for {@link #maxFrameBytes}
     * @return bytes of the frame
     */
    public int compress(ByteBuffer source, ByteBuffer target) {
        return codecs.compress(source, target, target.position(), level);
    }

    /** The same at the high level. */
    public int compressHarder(ByteBuffer source, ByteBuffer target) {
        return codecs.compress(source, target, target.position(), highLevel);
    }

    /**
     * Decompresses the one frame that the source's remaining bytes are, to the target's position; neither position
     * moves.
     *
     * @param source direct
     * @param target direct; its remaining bytes are the content's size
     * @return bytes of the content
     * @throws IllegalArgumentException when the frame is damaged or its content does not fit
     */
    public int decompress(ByteBuffer source, ByteBuffer target) {
        try {
            return codecs.decompress(source.slice(), source.remaining(), target.slice(), target.remaining());
        } catch (ZstdException damaged) {
            throw new IllegalArgumentException(damaged.getMessage(), damaged);
        }
    }
}
