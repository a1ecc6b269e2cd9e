package io.firn.flink.table;

import io.firn.error.FirnException;
import io.firn.error.NotFoundException;
import io.firn.flink.FlinkMemory;
import io.firn.flink.TableLocation;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionScheme;
import io.firn.table.ArchiveRoot;
import io.firn.table.PartitionSummary;
import io.firn.table.Table;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.flink.table.catalog.AbstractCatalog;
import org.apache.flink.table.catalog.CatalogBaseTable;
import org.apache.flink.table.catalog.CatalogDatabase;
import org.apache.flink.table.catalog.CatalogDatabaseImpl;
import org.apache.flink.table.catalog.CatalogPartition;
import org.apache.flink.table.catalog.CatalogPartitionImpl;
import org.apache.flink.table.catalog.CatalogPartitionSpec;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.flink.table.catalog.exceptions.DatabaseNotExistException;
import org.apache.flink.table.catalog.exceptions.PartitionNotExistException;
import org.apache.flink.table.catalog.exceptions.PartitionSpecInvalidException;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;
import org.apache.flink.table.catalog.exceptions.TableNotPartitionedException;
import org.apache.flink.table.expressions.Expression;
import org.apache.flink.table.factories.Factory;
import org.jspecify.annotations.Nullable;

/**
 * The tables of an archive as SQL tables, read-only: values are bytes, because only the reader knows what they mean.
 *
 * <p>Thread-safe: every call looks at the archive anew.
 */
public final class FirnCatalog extends AbstractCatalog implements ReadOnlyCatalog {
    /** The only database. */
    public static final String DATABASE = "default";

    private final TableLocation archive;

    FirnCatalog(String name, TableLocation archive) {
        super(name, DATABASE);
        this.archive = archive;
    }

    @Override
    public void open() {
        translated(() -> {
            if (!archive.archiveId().isEmpty()) {
                archive.root();
            }
            return listTableNames();
        });
    }

    @Override
    public void close() {
        // nothing is kept open
    }

    @Override
    public Optional<Factory> getFactory() {
        return Optional.of(new FirnTableFactory());
    }

    @Override
    public RuntimeException refused(String change) {
        return new UnsupportedOperationException(change + " is refused: catalog '" + getName()
                + "' shows the archive at " + archive.path() + " and changes nothing there, and a table of an archive"
                + " has no place for columns and formats. Write through a table of your own: CREATE TABLE"
                + " default_catalog.default_database.t (...) WITH ('connector'='firn', 'path'='" + archive.path()
                + "', 'format'='...'); drop data with 'firn drop' or 'firn expire'");
    }

    @Override
    public List<String> listDatabases() {
        return List.of(DATABASE);
    }

    @Override
    public CatalogDatabase getDatabase(String name) throws DatabaseNotExistException {
        requireDatabase(name);
        return new CatalogDatabaseImpl(Map.of(), "Firn archive " + archive.path());
    }

    @Override
    public boolean databaseExists(String name) {
        return DATABASE.equals(name);
    }

    @Override
    public List<String> listTables(String database) throws DatabaseNotExistException {
        requireDatabase(database);
        return translated(this::listTableNames);
    }

    private List<String> listTableNames() {
        return ArchiveRoot.tablesBelow(FlinkMemory.environment(archive), Path.of(archive.path()));
    }

    private void requireDatabase(String name) throws DatabaseNotExistException {
        if (!databaseExists(name)) {
            throw new DatabaseNotExistException(getName(), name);
        }
    }

    @Override
    public boolean tableExists(ObjectPath path) {
        return databaseExists(path.getDatabaseName())
                && translated(this::listTableNames).contains(path.getObjectName());
    }

    @Override
    public CatalogBaseTable getTable(ObjectPath path) throws TableNotExistException {
        return withTable(
                path,
                table -> CatalogSchema.of(
                        location(path), table.scheme(), "Firn table " + table.path() + ", id " + table.id()));
    }

    @Override
    public List<CatalogPartitionSpec> listPartitions(ObjectPath path)
            throws TableNotExistException, TableNotPartitionedException {
        List<CatalogPartitionSpec> partitions = withTable(path, table -> {
            PartitionScheme scheme = table.scheme();
            return scheme.isUnpartitioned()
                    ? null
                    : table.summarize(PartitionFilter.all()).stream()
                            .map(FirnCatalog::spec)
                            .toList();
        });
        if (partitions == null) {
            throw new TableNotPartitionedException(getName(), path);
        }
        return partitions;
    }

    private static CatalogPartitionSpec spec(PartitionSummary partition) {
        Map<String, String> spec = new LinkedHashMap<>();
        PartitionTexts.of(partition.values())
                .forEach((name, text) -> spec.put(name, text == null ? PartitionTexts.NULL : text));
        return new CatalogPartitionSpec(spec);
    }

    @Override
    public List<CatalogPartitionSpec> listPartitions(ObjectPath path, CatalogPartitionSpec prefix)
            throws TableNotExistException, TableNotPartitionedException, PartitionSpecInvalidException {
        List<CatalogPartitionSpec> all = listPartitions(path);
        List<String> fields = withTable(
                path,
                table -> table.scheme().fields().stream()
                        .map(field -> field.name())
                        .toList());
        Map<String, String> wanted = prefix.getPartitionSpec();
        if (!fields.containsAll(wanted.keySet())) {
            throw new PartitionSpecInvalidException(getName(), fields, path, prefix);
        }
        return all.stream()
                .filter(spec -> spec.getPartitionSpec().entrySet().containsAll(wanted.entrySet()))
                .toList();
    }

    /** Not asked for: tables of this connector list and choose their partitions themselves. */
    @Override
    public List<CatalogPartitionSpec> listPartitionsByFilter(ObjectPath path, List<Expression> filters) {
        throw new UnsupportedOperationException("catalog '" + getName() + "' does not choose partitions");
    }

    @Override
    public boolean partitionExists(ObjectPath path, CatalogPartitionSpec spec) {
        try {
            return listPartitions(path).contains(spec);
        } catch (TableNotExistException | TableNotPartitionedException none) {
            return false;
        }
    }

    @Override
    public CatalogPartition getPartition(ObjectPath path, CatalogPartitionSpec spec) throws PartitionNotExistException {
        if (!partitionExists(path, spec)) {
            throw new PartitionNotExistException(getName(), path, spec);
        }
        return new CatalogPartitionImpl(Map.of(), "");
    }

    private TableLocation location(ObjectPath path) {
        return new TableLocation(
                archive.path(), path.getObjectName(), archive.archiveId(), archive.ioMode(), archive.sharedFs());
    }

    private <R extends @Nullable Object> R withTable(ObjectPath path, Function<Table, R> read)
            throws TableNotExistException {
        if (!databaseExists(path.getDatabaseName())) {
            throw new TableNotExistException(getName(), path);
        }
        try (Table table = location(path).open()) {
            return read.apply(table);
        } catch (NotFoundException none) {
            throw new TableNotExistException(getName(), path, none);
        } catch (FirnException failed) {
            throw unreadable(failed);
        }
    }

    private <R> R translated(Supplier<R> read) {
        try {
            return read.get();
        } catch (FirnException failed) {
            throw unreadable(failed);
        }
    }

    private CatalogException unreadable(FirnException failed) {
        return new CatalogException(
                "Catalog '" + getName() + "' cannot read its archive: " + failed.getMessage(), failed);
    }
}
