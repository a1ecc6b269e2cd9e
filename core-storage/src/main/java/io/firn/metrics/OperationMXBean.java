package io.firn.metrics;

/** What JMX shows of an {@link OperationMetrics}; meanings as in {@link MetricsSnapshot}. */
public interface OperationMXBean {
    /** Records written. */
    long getWrites();

    /** Records read. */
    long getReads();

    /** Blocks that a cache had. */
    long getCacheHits();

    /** Blocks that no cache had. */
    long getCacheMisses();

    /** Cache hits of all look-ups, 0 to 1. */
    double getHitRatio();

    /** Compressions. */
    long getCompressions();

    /** Operations that failed. */
    long getErrors();

    /** Failed operations of all, 0 to 1. */
    double getErrorRate();

    /** Median of writing calls, nanoseconds. */
    long getWriteP50Ns();

    /** 99th percentile of writing calls, nanoseconds. */
    long getWriteP99Ns();

    /** Median of reading calls, nanoseconds. */
    long getReadP50Ns();

    /** 99th percentile of reading calls, nanoseconds. */
    long getReadP99Ns();
}
