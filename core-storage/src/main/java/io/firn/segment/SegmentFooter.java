package io.firn.segment;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that follows the frames of a sealed segment.
 *
 * @param summary counts, ranges and contexts
 * @param index the sparse index
 * @param otherSections content of the sections that this package does not interpret, by id
 */
public record SegmentFooter(SegmentSummary summary, SparseIndex index, SortedMap<Integer, ByteBuffer> otherSections) {
    /** Copies the map; the buffers are shared and must not be changed. */
    public SegmentFooter {
        otherSections = Collections.unmodifiableSortedMap(new TreeMap<>(otherSections));
    }
}
