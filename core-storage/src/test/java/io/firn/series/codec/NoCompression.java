package io.firn.series.codec;

import java.nio.ByteBuffer;

/** Bytes as they are, so that a test can damage what would be inside zstd. Thread-safe: no state. */
final class NoCompression implements BlockCompressor {
    @Override
    public int maxCompressedBytes(int rawBytes) {
        return rawBytes;
    }

    @Override
    public int compress(ByteBuffer source, ByteBuffer target) {
        int bytes = source.remaining();
        target.put(source);
        return bytes;
    }

    @Override
    public int compressHarder(ByteBuffer source, ByteBuffer target) {
        return compress(source, target);
    }

    @Override
    public int decompress(ByteBuffer source, ByteBuffer target) {
        if (source.remaining() > target.remaining()) {
            throw new IllegalArgumentException("too long");
        }
        return compress(source, target);
    }
}
