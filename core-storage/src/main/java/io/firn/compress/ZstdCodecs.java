package io.firn.compress;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.firn.error.ClosedException;
import io.firn.fs.BufferPool;
import io.firn.fs.PoolOptions;
import io.firn.metrics.PoolStats;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * The zstd contexts of a process or table, used again instead of being created each time, and the buffers that go with
 * them.
 *
 * <p>A context is native memory (some hundred KiB to decompress, up to many MiB to compress), so the number of idle
 * ones is bounded, and they are freed when none was used for some seconds, also when the codecs are forgotten without
 * being closed. Thread-safe; {@link #close} frees the idle contexts, those in use are freed when they come back.
 */
public final class ZstdCodecs implements AutoCloseable {
    /** Lowest compression level. */
    public static final int MIN_LEVEL = 1;
    /** Highest compression level. */
    public static final int MAX_LEVEL = 22;

    /** Contexts of higher levels hold too much memory to lie idle. */
    private static final int MAX_IDLE_LEVEL = 9;

    private final BufferPool buffers;
    private final IdleContexts idle;
    private final LongAdder blocksCompressed = new LongAdder();
    private final LongAdder blocksDecompressed = new LongAdder();
    private final LongAdder created = new LongAdder();
    private final LongAdder acquired = new LongAdder();
    private final LongAdder released = new LongAdder();
    private volatile boolean closed;

    /**
     * Creates empty pools. The native library is loaded with the first block; {@link ZstdLibrary#ensureLoaded} does it
     * earlier.
     *
     * @param buffers where blocks take their memory from
     */
    public ZstdCodecs(BufferPool buffers) {
        this(buffers, PoolOptions.defaults());
    }

    /** The same; options say how many contexts may lie idle. */
    public ZstdCodecs(BufferPool buffers, PoolOptions options) {
        this(buffers, new IdleContexts(options));
    }

    ZstdCodecs(BufferPool buffers, IdleContexts idle) {
        this.buffers = buffers;
        this.idle = idle;
    }

    /** Where blocks take their memory from. */
    public BufferPool buffers() {
        return buffers;
    }

    /** Blocks that were compressed so far. */
    public long blocksCompressed() {
        return blocksCompressed.sum();
    }

    /** Blocks that were decompressed so far. */
    public long blocksDecompressed() {
        return blocksDecompressed.sum();
    }

    /** What the pools of contexts did so far, those for compression and for decompression together. */
    public PoolStats stats() {
        return new PoolStats(created.sum(), acquired.sum(), released.sum(), idle.count());
    }

    /** Checks a compression level; {@link IllegalArgumentException} when it is not in 1..22. */
    static int checkLevel(int level) {
        if (level < MIN_LEVEL || level > MAX_LEVEL) {
            throw new IllegalArgumentException(
                    "compression level " + level + " is not in " + MIN_LEVEL + ".." + MAX_LEVEL);
        }
        return level;
    }

    /** Compresses the source's remaining bytes into one frame at an index of the target; both are direct buffers. */
    int compress(ByteBuffer source, ByteBuffer target, int targetIndex, int level) {
        ZstdCompressCtx context = borrow(idle.compressors(), ZstdCompressCtx::new);
        boolean reusable = false;
        try {
            context.setLevel(level).setChecksum(true).setContentSize(true);
            int written = context.compressDirectByteBuffer(
                    target,
                    targetIndex,
                    target.capacity() - targetIndex,
                    source,
                    source.position(),
                    source.remaining());
            reusable = level <= MAX_IDLE_LEVEL;
            blocksCompressed.increment();
            return written;
        } finally {
            released.increment();
            if (!reusable || closed || !idle.compressors().offer(context)) {
                context.close();
            } else {
                gaveBack();
            }
        }
    }

    /**
     * Decompresses one frame; both buffers are direct.
     *
     * @throws ZstdException when the frame is damaged (checked: structure, sizes, content checksum)
     */
    int decompress(ByteBuffer source, int sourceBytes, ByteBuffer target, int targetBytes) {
        ZstdDecompressCtx context = borrow(idle.decompressors(), ZstdDecompressCtx::new);
        boolean reusable = false;
        try {
            int written = context.decompressDirectByteBuffer(target, 0, targetBytes, source, 0, sourceBytes);
            reusable = true;
            blocksDecompressed.increment();
            return written;
        } finally {
            released.increment();
            if (!reusable || closed || !idle.decompressors().offer(context)) {
                context.close();
            } else {
                gaveBack();
            }
        }
    }

    private void gaveBack() {
        if (closed) {
            idle.free();
        } else {
            idle.gaveBack();
        }
    }

    private <T> T borrow(BlockingQueue<T> contexts, Supplier<T> creator) {
        if (closed) {
            throw new ClosedException("The zstd codecs are closed");
        }
        T context = contexts.poll();
        if (context == null) {
            ZstdLibrary.ensureLoaded();
            context = creator.get();
            created.increment();
        }
        acquired.increment();
        return context;
    }

    /** Frees the idle contexts. Idempotent. */
    @Override
    public void close() {
        closed = true;
        idle.free();
    }
}
