package io.firn.series;

import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/**
 * A deletion that was committed.
 *
 * @param matchers the series that it is about
 * @param range the timestamps that it is about
 * @param lastBlock it holds for the blocks up to this number, inclusive
 * @param headSequence and for samples of the head below this sequence
 */
record Tombstone(List<LabelMatcher> matchers, TimeRange range, long lastBlock, long headSequence) {
    Tombstone {
        matchers = List.copyOf(matchers);
    }

    /** Whether it is about a series. */
    boolean chooses(Labels series, StoppedDeletions deletions) {
        return matchers.stream()
                .allMatch(matcher ->
                        deletions.holds(matcher, series.get(matcher.name()).orElse("")));
    }

    /** The series that it is about. */
    RoaringBitmap chosen(SeriesIndex index, StoppedDeletions deletions) {
        return index.match(matchers, deletions::holds);
    }

    /** Whether it may hide something of a block. */
    boolean concerns(BlockInfo block) {
        return block.id() <= lastBlock && range.overlaps(block.minTimestamp(), block.maxTimestamp());
    }
}
