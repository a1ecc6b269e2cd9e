package io.firn.series.codec;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a chunk or a group, whichever is there. Scratch memory is taken with the first of either kind. Confined to
 * one thread.
 */
public final class SampleDecoder {
    private final BlockCompressor compressor;
    private final ChunkDecoder chunks = new ChunkDecoder();
    private @Nullable GroupDecoder groups;

    /**
     * Creates a decoder.
     *
     * @param compressor zstd, whatever its level
     */
    public SampleDecoder(BlockCompressor compressor) {
        this.compressor = compressor;
    }

    /**
     * Decodes one chunk or group; otherwise as {@link ChunkDecoder#decode}.
     *
     * @return number of samples
     * @throws io.firn.error.CorruptDataException when it is cut off or damaged; what was put into the arrays is void
     *     then
     * @throws io.firn.error.FormatVersionException when a newer version wrote it
     */
    public int decode(ByteBuffer source, ChunkPlace place, long[] timestamps, double[] values, int at) {
        boolean isGroup = source.remaining() >= ChunkFormat.FIXED_BYTES
                && (source.get(source.position() + ChunkFormat.CRC_BYTES) & ChunkFormat.LOW_MASK) == GroupFormat.FORM;
        return isGroup
                ? groups().decode(source, place, timestamps, values, at)
                : chunks.decode(source, place, timestamps, values, at);
    }

    private GroupDecoder groups() {
        GroupDecoder made = groups;
        if (made == null) {
            made = new GroupDecoder(compressor);
            groups = made;
        }
        return made;
    }
}
