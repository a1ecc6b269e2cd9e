package io.firn.connect.sink;

import io.firn.partition.PartitionMapping;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.file.Path;
import java.util.List;

/**
 * A table that the task has open, with its mapping.
 *
 * <p>Confined to the task's thread.
 */
final class TableHandle implements AutoCloseable {
    private final Table table;
    private final PartitionMapping mapping;

    TableHandle(Table table, PartitionMapping mapping) {
        this.table = table;
        this.mapping = mapping;
    }

    Path path() {
        return table.path();
    }

    List<LaneInfo> lanes() {
        return table.lanes();
    }

    TableWriter writer(WriterOptions.Builder options) {
        return table.writer(options.mapping(mapping).takeOver(true).build());
    }

    @Override
    public void close() {
        table.close();
    }
}
