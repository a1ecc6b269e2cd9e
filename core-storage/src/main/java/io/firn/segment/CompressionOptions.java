package io.firn.segment;

/**
 * How cold segments are made.
 *
 * @param blockSizeBytes bytes of frames that are compressed together: the unit of a random read, 4 KiB to 1 GiB
 * @param level zstd's compression level, 1 to 22
 * @param columnar whether blocks are stored as columns where these are smaller
 */
public record CompressionOptions(int blockSizeBytes, int level, boolean columnar) {
    /** The default of {@code blockSizeBytes}. */
    public static final int DEFAULT_BLOCK_SIZE_BYTES = 1 << 20;
    /** The default of {@code level}. */
    public static final int DEFAULT_LEVEL = 3;
    /** The smallest block size. */
    public static final int MIN_BLOCK_SIZE_BYTES = 4 << 10;
    /** The largest block size. */
    public static final int MAX_BLOCK_SIZE_BYTES = 1 << 30;

    private static final int MAX_LEVEL = 22;

    /** Checks sizes and level. */
    public CompressionOptions {
        if (blockSizeBytes < MIN_BLOCK_SIZE_BYTES || blockSizeBytes > MAX_BLOCK_SIZE_BYTES) {
            throw new IllegalArgumentException("compression block size " + blockSizeBytes + " is not in "
                    + MIN_BLOCK_SIZE_BYTES + ".." + MAX_BLOCK_SIZE_BYTES);
        }
        if (level < 1 || level > MAX_LEVEL) {
            throw new IllegalArgumentException("compression level " + level + " is not in 1.." + MAX_LEVEL);
        }
    }

    /** Columns where they are smaller. */
    public CompressionOptions(int blockSizeBytes, int level) {
        this(blockSizeBytes, level, true);
    }

    /** Blocks of 1 MiB at level 3. */
    public static CompressionOptions defaults() {
        return new CompressionOptions(DEFAULT_BLOCK_SIZE_BYTES, DEFAULT_LEVEL);
    }
}
