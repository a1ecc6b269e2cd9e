package io.firn.connect.sink;

import io.firn.error.ConfigException;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.partition.PartitionMapping;
import io.firn.series.SeriesReader;
import io.firn.table.ArchiveRoot;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import io.firn.task.OpenParts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tables that a task has open, one per topic.
 *
 * <p>Confined to the task's thread.
 */
final class TableSet implements AutoCloseable {
    private final ArchiveRoot root;
    private final FirnSinkConfig config;
    private final TableEnvironment environment;
    private final ArchiveAccess access;
    private final SinkSchemas schemas;
    private final SinkMeters meters;
    private final Map<String, LaneHome> open = new LinkedHashMap<>();

    TableSet(
            ArchiveRoot root,
            FirnSinkConfig config,
            SinkEnvironment environment,
            SinkSchemas schemas,
            SinkMeters meters) {
        this.schemas = schemas;
        this.root = root;
        this.config = config;
        this.environment = environment.tables(config);
        this.access = environment.access(config);
        this.meters = meters;
    }

    /** Opens a table, or creates it with the configured partitions and options. */
    LaneHome open(String name) {
        LaneHome known = open.get(name);
        if (known != null) {
            return known;
        }
        access.check(FirnSinkConfig.TABLE, root.tablePath(name));
        LaneHome home = config.recordFormat() == FirnSinkConfig.RecordFormat.SERIES ? series(name) : table(name);
        open.put(name, home);
        return home;
    }

    private LaneHome series(String name) {
        if (root.hasTable(name)) {
            throw new ConfigException("There is a table of records at " + root.tablePath(name)
                    + ", where series would be stored; use another " + FirnSinkConfig.TABLE);
        }
        return new SeriesHome(
                root.tablePath(name),
                config.seriesStore(environment),
                config::sampleMapping,
                config.lifecycle().map(LifecycleOptions::interval));
    }

    private LaneHome table(String name) {
        if (!root.hasTable(name) && SeriesReader.isStoreOrHoldsSome(root.tablePath(name), environment)) {
            throw new ConfigException("There are stores of series at " + root.tablePath(name)
                    + ", where a table of records would be made; use another " + FirnSinkConfig.TABLE + ", or "
                    + FirnSinkConfig.RECORD_FORMAT + "=series");
        }
        OpenParts opened = new OpenParts();
        try {
            return handle(name, opened);
        } catch (RuntimeException failed) {
            opened.closeAfter(failed);
            throw failed;
        }
    }

    private TableHandle handle(String name, OpenParts opened) {
        PartitionMapping mapping = config.mapping();
        Table table = opened.keep(
                Table.openOrCreate(root.tablePath(name), mapping.scheme(), config.tableConfig(name), environment));
        if (updated(name, table)) {
            table.close();
            table = opened.keep(Table.open(root.tablePath(name), environment));
        }
        boolean isStructured = config.recordFormat() == FirnSinkConfig.RecordFormat.STRUCTURED;
        PartitionMapping reading = isStructured ? mapping : schemas.reading(mapping);
        RecordForm form = isStructured
                ? new StructuredForm(table.schemas(), mapping)
                : new RawForm(schemas.capture(table).orElse(null));
        return new TableHandle(table, reading, form, started(table));
    }

    private Optional<LifecycleManager> started(Table table) {
        return config.lifecycle().map(options -> {
            LifecycleManager lifecycle = LifecycleManager.open(table, options).start();
            meters.lifecycle(lifecycle);
            return lifecycle;
        });
    }

    /** Whether an existing table took options that were written since; opened again, they hold for this task. */
    private boolean updated(String name, Table table) {
        if (config.changed(table.config(), name).equals(table.config())) {
            return false;
        }
        table.updateConfig(stored -> config.changed(stored, name));
        return true;
    }

    /** Bytes that can still be written. */
    long usableBytes() {
        return root.usableBytes();
    }

    @Override
    public void close() {
        open.values().forEach(LaneHome::close);
        open.clear();
    }
}
