package io.firn.series;

import io.firn.compress.ZstdBlocks;
import io.firn.compress.ZstdCodecs;
import io.firn.series.codec.BlockCompressor;
import java.nio.ByteBuffer;

/** What groups are compressed with: zstd, by the contexts of the store's environment. Thread-safe. */
final class ColdCompressor implements BlockCompressor {
    private static final int LEVEL = 3;
    /** Counters become 6 %, small steps 20 % smaller than at the level above. */
    private static final int HIGH_LEVEL = 15;

    private final ZstdBlocks blocks;

    ColdCompressor(ZstdCodecs codecs) {
        this.blocks = new ZstdBlocks(codecs, LEVEL, HIGH_LEVEL);
    }

    @Override
    public int maxCompressedBytes(int rawBytes) {
        return ZstdBlocks.maxFrameBytes(rawBytes);
    }

    @Override
    public int compress(ByteBuffer source, ByteBuffer target) {
        return blocks.compress(source, target);
    }

    @Override
    public int compressHarder(ByteBuffer source, ByteBuffer target) {
        return blocks.compressHarder(source, target);
    }

    @Override
    public int decompress(ByteBuffer source, ByteBuffer target) {
        return blocks.decompress(source, target);
    }
}
