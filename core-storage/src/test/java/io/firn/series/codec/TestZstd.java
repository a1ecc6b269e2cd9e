package io.firn.series.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/** zstd at the levels of cold blocks with frames as the engine writes them. Confined to one thread. */
public final class TestZstd implements BlockCompressor, AutoCloseable {
    private static final int LEVEL = 3;
    private static final int HIGH_LEVEL = 15;

    private final ZstdCompressCtx compressor =
            new ZstdCompressCtx().setLevel(LEVEL).setChecksum(true).setContentSize(true);
    private final ZstdCompressCtx harder =
            new ZstdCompressCtx().setLevel(HIGH_LEVEL).setChecksum(true).setContentSize(true);
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();

    @Override
    public int maxCompressedBytes(int rawBytes) {
        return Math.toIntExact(Zstd.compressBound(rawBytes));
    }

    @Override
    public int compress(ByteBuffer source, ByteBuffer target) {
        return compressor.compressDirectByteBuffer(
                target, target.position(), target.remaining(), source, source.position(), source.remaining());
    }

    @Override
    public int compressHarder(ByteBuffer source, ByteBuffer target) {
        return harder.compressDirectByteBuffer(
                target, target.position(), target.remaining(), source, source.position(), source.remaining());
    }

    @Override
    public int decompress(ByteBuffer source, ByteBuffer target) {
        try {
            return decompressor.decompressDirectByteBuffer(
                    target, target.position(), target.remaining(), source, source.position(), source.remaining());
        } catch (ZstdException damaged) {
            throw new IllegalArgumentException(damaged.getMessage(), damaged);
        }
    }

    @Override
    public void close() {
        compressor.close();
        harder.close();
        decompressor.close();
    }
}
