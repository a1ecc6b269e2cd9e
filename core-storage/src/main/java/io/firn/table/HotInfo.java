package io.firn.table;

/**
 * Committed records that still stand in the mixed hot segments of their writers.
 *
 * @param segments number of segments
 * @param records committed records that stand there only: what was settled or removed does not count
 * @param sizeBytes committed bytes of the segments, with what was settled or removed out of partly settled ones
 */
public record HotInfo(int segments, long records, long sizeBytes) {}
