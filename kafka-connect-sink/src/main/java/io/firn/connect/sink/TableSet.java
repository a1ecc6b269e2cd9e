package io.firn.connect.sink;

import io.firn.error.ConfigException;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.partition.PartitionMapping;
import io.firn.series.SeriesReader;
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
        PartitionMapping mapping = config.mapping();
        Table table = withWrittenOptions(
                name,
                Table.openOrCreate(root.tablePath(name), mapping.scheme(), config.tableConfig(name), environment));
        boolean isStructured = config.recordFormat() == FirnSinkConfig.RecordFormat.STRUCTURED;
        return new TableHandle(
                table,
                isStructured ? mapping : schemas.reading(mapping),
                isStructured
                        ? new StructuredForm(table.schemas(), mapping)
                        : new RawForm(schemas.capture(table).orElse(null)),
                config.lifecycle().map(options -> started(table, options)));
    }

    private LifecycleManager started(Table table, LifecycleOptions options) {
        LifecycleManager lifecycle = LifecycleManager.open(table, options).start();
        meters.lifecycle(lifecycle);
        return lifecycle;
    }

    /** An existing table takes the options that the user has written since; opened again, they hold for this task. */
    private Table withWrittenOptions(String name, Table table) {
        if (config.changed(table.config(), name).equals(table.config())) {
            return table;
        }
        table.updateConfig(stored -> config.changed(stored, name));
        table.close();
        return Table.open(root.tablePath(name), environment);
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
