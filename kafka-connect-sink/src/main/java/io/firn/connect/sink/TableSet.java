package io.firn.connect.sink;

import io.firn.lifecycle.LifecycleManager;
import io.firn.partition.PartitionMapping;
import io.firn.table.ArchiveRoot;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables that a task has open, one per topic.
 *
 * <p>Confined to the task's thread.
 */
final class TableSet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableSet.class);

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
        TableConfig wanted = config.tableConfig(name);
        Table table = Table.openOrCreate(root.tablePath(name), mapping.scheme(), wanted, environment);
        if (!table.config().equals(wanted)) {
            LOG.info("table keeps the options that it was made with: table={} options={}", name, table.config());
        }
        TableHandle handle = new TableHandle(
                table,
                mapping,
                config.lifecycle()
                        .map(options -> LifecycleManager.open(table, options).start()));
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
