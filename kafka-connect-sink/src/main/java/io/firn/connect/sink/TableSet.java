package io.firn.connect.sink;

import io.firn.partition.PartitionMapping;
import io.firn.table.ArchiveRoot;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tables that a task has open, one per topic.
 *
 * <p>Confined to the task's thread.
 */
final class TableSet implements AutoCloseable {
    private final ArchiveRoot root;
    private final FirnSinkConfig config;
    private final TableEnvironment environment;
    private final Map<String, TableHandle> open = new LinkedHashMap<>();

    TableSet(ArchiveRoot root, FirnSinkConfig config, TableEnvironment environment) {
        this.root = root;
        this.config = config;
        this.environment = environment;
    }

    /** Opens a table, or creates it with the configured partitions and options. */
    TableHandle open(String name) {
        TableHandle known = open.get(name);
        if (known != null) {
            return known;
        }
        PartitionMapping mapping = config.mapping();
        Table table = Table.openOrCreate(root.tablePath(name), mapping.scheme(), config.tableConfig(name), environment);
        TableHandle handle = new TableHandle(table, mapping);
        open.put(name, handle);
        return handle;
    }

    /** Bytes that can still be written. */
    long usableBytes() {
        return root.usableBytes();
    }

    @Override
    public void close() {
        open.values().forEach(TableHandle::close);
        open.clear();
    }
}
