package io.firn.series.codec;

import java.nio.ByteBuffer;

/**
 * A general compressor of bytes, for cold groups: zstd, whose frames know their content's size and checksum.
 *
 * <p>It is a seam because only io.firn.compress may touch zstd. Implementations are thread-safe or confined to the
 * thread of the encoder or decoder that they are given to.
 */
public interface BlockCompressor {
    /** Most bytes that a block of so many bytes becomes. */
    int maxCompressedBytes(int rawBytes);

    /**
     * Compresses the source's remaining bytes and puts them at the target's position.
     *
     * @param source direct; its position does not matter afterwards
     * @param target direct, with room for {@link #maxCompressedBytes}; its position does not matter afterwards
     * @return bytes that were put
     */
    int compress(ByteBuffer source, ByteBuffer target);

    /**
     * Compresses with more effort, for bytes that were found worth it; otherwise as {@link #compress}.
     *
     * @return bytes that were put, usually fewer
     */
    int compressHarder(ByteBuffer source, ByteBuffer target);

    /**
     * Decompresses the one block that the source's remaining bytes are, and puts its content at the target's position.
     *
     * @param source direct; its position does not matter afterwards
     * @param target direct; its remaining bytes are exactly the content's size; its position does not matter afterwards
     * @return bytes that were put
     * @throws IllegalArgumentException when the block is damaged or does not fit
     */
    int decompress(ByteBuffer source, ByteBuffer target);
}
