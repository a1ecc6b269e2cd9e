package io.firn.series;

/**
 * What is committed of a store, or of several, at one moment.
 *
 * @param timestampUnit unit of all timestamps
 * @param stores number of stores
 * @param headSeries label sets in heads
 * @param headSamples samples in heads, with those that a later one of the same timestamp replaces
 * @param warmBlocks blocks that are not compressed
 * @param coldBlocks blocks that are compressed with zstd
 * @param blockSamples samples in blocks, also those that a later block or a deletion hides
 * @param deletions deletions that still hide something
 * @param minTimestamp lowest timestamp; {@link Long#MAX_VALUE} without samples
 * @param maxTimestamp highest timestamp, inclusive; {@link Long#MIN_VALUE} without samples
 * @param sizeBytes size of the files with samples, committed parts of open ones
 */
public record SeriesContents(
        TimestampUnit timestampUnit,
        int stores,
        long headSeries,
        long headSamples,
        int warmBlocks,
        int coldBlocks,
        long blockSamples,
        int deletions,
        long minTimestamp,
        long maxTimestamp,
        long sizeBytes) {
    /** The contents of both. */
    SeriesContents plus(SeriesContents other) {
        return new SeriesContents(
                timestampUnit,
                stores + other.stores,
                headSeries + other.headSeries,
                headSamples + other.headSamples,
                warmBlocks + other.warmBlocks,
                coldBlocks + other.coldBlocks,
                blockSamples + other.blockSamples,
                deletions + other.deletions,
                Math.min(minTimestamp, other.minTimestamp),
                Math.max(maxTimestamp, other.maxTimestamp),
                sizeBytes + other.sizeBytes);
    }
}
