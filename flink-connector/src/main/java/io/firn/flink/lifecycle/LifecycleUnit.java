package io.firn.flink.lifecycle;

import java.util.Locale;

/**
 * One piece of work.
 *
 * @param table name of the table
 * @param partition Hive path of the partition, empty for the whole table
 * @param step what to do
 */
record LifecycleUnit(String table, String partition, LifecycleStep step) {
    @Override
    public String toString() {
        return step.name().toLowerCase(Locale.ROOT) + " " + table + (partition.isEmpty() ? "" : "/" + partition);
    }
}
