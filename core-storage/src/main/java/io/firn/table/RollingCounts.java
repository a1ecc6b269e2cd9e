package io.firn.table;

import java.util.HashMap;
import java.util.Map;

/** What a rolling writer counts. Confined to its monitor. */
final class RollingCounts {
    private final Map<String, Long> sinceRoll = new HashMap<>();
    private final Map<String, Long> uncommitted = new HashMap<>();
    private long records;
    private long uncommittedRecords;
    private long uncommittedRouted;
    private long rolls;
    private long routed;
    private long rejected;
    private long listenerFailures;

    void appended(String partition, boolean toLateData) {
        uncommitted.merge(partition, 1L, Long::sum);
        records++;
        uncommittedRecords++;
        if (toLateData) {
            routed++;
            uncommittedRouted++;
        }
    }

    void committed() {
        uncommitted.forEach((partition, count) -> sinceRoll.merge(partition, count, Long::sum));
        forgetUncommitted();
    }

    void withdrawn() {
        records -= uncommittedRecords;
        routed -= uncommittedRouted;
        forgetUncommitted();
    }

    private void forgetUncommitted() {
        uncommitted.clear();
        uncommittedRecords = 0;
        uncommittedRouted = 0;
    }

    /** Committed records by partition since the last roll. */
    Map<String, Long> sinceRoll() {
        return Map.copyOf(sinceRoll);
    }

    /** The record that begins the next partition is stored. */
    void rolled() {
        rolls++;
        sinceRoll.clear();
    }

    void rejected() {
        rejected++;
    }

    void listenerFailed() {
        listenerFailures++;
    }

    RollingStatistics statistics(boolean begun) {
        long partitions = begun ? rolls + 1 : 0;
        return new RollingStatistics(records, rolls, partitions, routed, rejected, listenerFailures);
    }
}
