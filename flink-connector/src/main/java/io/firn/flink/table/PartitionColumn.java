package io.firn.flink.table;

import java.io.Serializable;

/**
 * A column of {@code PARTITIONED BY}.
 *
 * @param name name of the column and of the partition field
 * @param position among the physical columns
 * @param type its type
 */
record PartitionColumn(String name, int position, PartitionColumnType type) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The partition field that a sink makes of it. */
    String describeField() {
        return name + ":" + type.written().text();
    }
}
