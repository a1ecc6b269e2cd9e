package io.firn.series;

/**
 * What JMX shows of a series store beside its operations, {@code io.firn:type=SeriesStore}: as it was at the last run
 * of task {@code metrics_collection}, or now where that does not run. Meanings as in {@link SeriesStats}.
 */
public interface SeriesMXBean {
    /** Series in the head. */
    int getHeadSeries();

    /** Samples in the head. */
    long getHeadSamples();

    /** Memory of the head, bytes. */
    long getHeadBytes();

    /** Blocks that are not compressed. */
    int getWarmBlocks();

    /** Blocks that are compressed. */
    int getColdBlocks();

    /** Samples in all blocks. */
    long getBlockSamples();

    /** Bytes of all blocks, before zstd. */
    long getBlockBytes();

    /** Blocks that are still on the disk and count no more. */
    int getBlocksToRemove();

    /** Hits of the cache's memory by all look-ups in it, 0 to 1. */
    double getCacheL1HitRatio();

    /** Memory of the cache, bytes. */
    long getCacheL1Bytes();

    /** Bytes in the cache's fast directory. */
    long getCacheL2Bytes();

    /** Bytes in the cache's large directory. */
    long getCacheL3Bytes();

    /** Records that no level of the cache had. */
    long getCacheLoads();

    /** Buffers that are handed out. */
    long getBuffersOutstanding();

    /** Part of the buffers that was used before, percent. */
    double getBufferReusePercent();

    /** Part of the zstd contexts that was used before, percent. */
    double getContextReusePercent();

    /** Runs of background tasks. */
    long getBackgroundRuns();

    /** Runs of background tasks that failed. */
    long getBackgroundFailures();

    /** Message of the last failure, empty without. */
    String getLastFailure();

    /** Everything, as {@link SeriesStats#toJson}. */
    String getJson();
}
