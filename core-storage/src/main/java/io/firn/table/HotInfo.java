package io.firn.table;

/**
 * Committed records that still stand in the mixed hot segments of their writers.
 *
 * @param segments number of segments
 * @param records committed records in them, settled ones of partly settled segments included
 * @param sizeBytes committed bytes
 */
public record HotInfo(int segments, long records, long sizeBytes) {}
