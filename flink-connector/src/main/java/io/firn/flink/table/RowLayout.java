package io.firn.flink.table;

import io.firn.partition.PartitionScheme;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.table.data.RowData;

/**
 * Where the columns of a scan's rows come from.
 *
 * @param arity number of columns
 * @param decoded columns from the value
 * @param partitions columns from the partition
 * @param metadata columns from the rest of the record
 * @param scheme the table's scheme as text
 */
record RowLayout(int arity, List<Decoded> decoded, List<Partition> partitions, List<Metadata> metadata, String scheme)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Copies the lists. */
    RowLayout {
        decoded = List.copyOf(decoded);
        partitions = List.copyOf(partitions);
        metadata = List.copyOf(metadata);
    }

    /**
     * A column that the format decodes.
     *
     * @param target position in the row
     * @param getter takes it from the decoded row
     */
    record Decoded(int target, RowData.FieldGetter getter) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /**
     * A partition column.
     *
     * @param target position in the row
     * @param column the column
     */
    record Partition(int target, PartitionColumn column) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /**
     * A metadata column.
     *
     * @param target position in the row
     * @param metadata what it shows
     */
    record Metadata(int target, RecordMetadata metadata) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    PartitionScheme parsedScheme() {
        return PartitionScheme.parse(scheme);
    }
}
