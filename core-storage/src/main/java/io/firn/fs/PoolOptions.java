package io.firn.fs;

/**
 * How much pools may keep, and whether they note who takes. Immutable; thread-safe.
 *
 * @param idleBufferBytes bytes of direct buffers that may lie idle, {@code >= 0}
 * @param idleCompressors zstd contexts for compression that may lie idle, {@code >= 1}; each is up to many MiB
 * @param idleDecompressors zstd contexts for decompression that may lie idle, {@code >= 1}; each is some hundred KiB
 * @param leakDetection whether the place where each buffer is taken is noted; costs a stack trace per buffer
 */
public record PoolOptions(long idleBufferBytes, int idleCompressors, int idleDecompressors, boolean leakDetection) {
    private static final long DEFAULT_IDLE_BUFFER_BYTES = 64L << 20;
    private static final int DEFAULT_IDLE_COMPRESSORS = 2;
    private static final int DEFAULT_IDLE_DECOMPRESSORS = 16;

    /** Checks the numbers. */
    public PoolOptions {
        if (idleBufferBytes < 0 || idleCompressors < 1 || idleDecompressors < 1) {
            throw new IllegalArgumentException("pools of " + idleBufferBytes + " bytes, " + idleCompressors
                    + " compressors and " + idleDecompressors + " decompressors");
        }
    }

    /** 64 MiB of buffers and never more than an eighth of the heap's limit, 2 and 16 contexts, no leak detection. */
    public static PoolOptions defaults() {
        long bufferBytes =
                Math.min(DEFAULT_IDLE_BUFFER_BYTES, Runtime.getRuntime().maxMemory() / 8);
        return new PoolOptions(bufferBytes, DEFAULT_IDLE_COMPRESSORS, DEFAULT_IDLE_DECOMPRESSORS, false);
    }

    /** The same with another bound of idle buffers. */
    public PoolOptions withIdleBufferBytes(long bytes) {
        return new PoolOptions(bytes, idleCompressors, idleDecompressors, leakDetection);
    }

    /** The same with leak detection. */
    public PoolOptions withLeakDetection() {
        return new PoolOptions(idleBufferBytes, idleCompressors, idleDecompressors, true);
    }
}
