package io.firn.metrics;

/**
 * Counters of an {@link OperationMetrics} at one moment.
 *
 * @param writes records written
 * @param reads records read
 * @param cacheHits blocks that a cache had
 * @param cacheMisses blocks that no cache had
 * @param compressions segments or blocks compressed
 * @param errors operations that failed
 * @param writeCalls calls that have written
 * @param readCalls calls that have read
 * @param writeP50Ns half of the writing calls took no longer, in nanoseconds
 * @param writeP99Ns 99 % of the writing calls took no longer
 * @param readP50Ns half of the reading calls took no longer
 * @param readP99Ns 99 % of the reading calls took no longer
 */
public record MetricsSnapshot(
        long writes,
        long reads,
        long cacheHits,
        long cacheMisses,
        long compressions,
        long errors,
        long writeCalls,
        long readCalls,
        long writeP50Ns,
        long writeP99Ns,
        long readP50Ns,
        long readP99Ns) {

    /** Operations that were timed or failed: writes and reads by call, not by record. */
    public long operations() {
        return writeCalls + readCalls + errors;
    }

    /** Failed operations of all operations, 0 to 1; 0 before the first. */
    public double errorRate() {
        return operations() == 0 ? 0 : (double) errors / operations();
    }

    /** Cache hits of all look-ups, 0 to 1; 0 before the first. */
    public double hitRatio() {
        return cacheHits + cacheMisses == 0 ? 0 : (double) cacheHits / (cacheHits + cacheMisses);
    }
}
