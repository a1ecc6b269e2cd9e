package io.firn.flink.table;

import io.firn.flink.sink.FirnPartitioner;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/** Takes the partition of a row from its partition columns. Confined to the thread of its writer. */
final class RowPartitioner implements FirnPartitioner<RowData> {
    private static final long serialVersionUID = 1L;

    private final List<PartitionColumn> columns;
    /** Neighbours often share their partition: it is made once for all of them. */
    private transient @Nullable Object @Nullable [] lastKey;

    private transient @Nullable PartitionValues last;

    RowPartitioner(List<PartitionColumn> columns) {
        this.columns = List.copyOf(columns);
    }

    @Override
    public PartitionValues partition(RowData row, @Nullable Long timestampMs, PartitionScheme scheme) {
        @Nullable Object[] key = new @Nullable Object[columns.size()];
        for (int i = 0; i < key.length; i++) {
            PartitionColumn column = columns.get(i);
            key[i] = column.type().fromRow(row, column.position());
        }
        PartitionValues values = last;
        if (values == null || !Arrays.equals(key, lastKey)) {
            values = PartitionValues.of(scheme, key);
            last = values;
            lastKey = key;
        }
        return values;
    }
}
