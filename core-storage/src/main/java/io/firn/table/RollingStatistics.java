package io.firn.table;

/**
 * What a rolling writer did since it was opened.
 *
 * @param records records that were appended and not withdrawn by a rollback
 * @param rolls partitions that were finished because a newer one began
 * @param partitions partitions in their order: those it has finished, and the newest one, which it may have found begun
 * @param routed records that went to the partition for late data
 * @param rejected records that were refused because they were late
 * @param listenerFailures exceptions of the listener
 */
public record RollingStatistics(
        long records, long rolls, long partitions, long routed, long rejected, long listenerFailures) {}
