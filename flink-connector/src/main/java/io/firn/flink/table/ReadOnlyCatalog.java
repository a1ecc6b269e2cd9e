package io.firn.flink.table;

import java.util.List;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.catalog.CatalogBaseTable;
import org.apache.flink.table.catalog.CatalogDatabase;
import org.apache.flink.table.catalog.CatalogFunction;
import org.apache.flink.table.catalog.CatalogPartition;
import org.apache.flink.table.catalog.CatalogPartitionSpec;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.exceptions.FunctionNotExistException;
import org.apache.flink.table.catalog.stats.CatalogColumnStatistics;
import org.apache.flink.table.catalog.stats.CatalogTableStatistics;

/** The part of a catalog that is the same for all that show and never change: every change is refused. */
interface ReadOnlyCatalog extends Catalog {
    /** Says why nothing is changed, and what to do instead. */
    RuntimeException refused(String change);

    @Override
    default void createDatabase(String name, CatalogDatabase database, boolean ignoreIfExists) {
        throw refused("CREATE DATABASE " + name);
    }

    @Override
    default void dropDatabase(String name, boolean ignoreIfNotExists, boolean cascade) {
        throw refused("DROP DATABASE " + name);
    }

    @Override
    default void alterDatabase(String name, CatalogDatabase database, boolean ignoreIfNotExists) {
        throw refused("ALTER DATABASE " + name);
    }

    @Override
    default void createTable(ObjectPath path, CatalogBaseTable table, boolean ignoreIfExists) {
        throw refused("CREATE TABLE " + path.getFullName());
    }

    @Override
    default void dropTable(ObjectPath path, boolean ignoreIfNotExists) {
        throw refused("DROP TABLE " + path.getFullName());
    }

    @Override
    default void renameTable(ObjectPath path, String newName, boolean ignoreIfNotExists) {
        throw refused("ALTER TABLE " + path.getFullName() + " RENAME");
    }

    @Override
    default void alterTable(ObjectPath path, CatalogBaseTable table, boolean ignoreIfNotExists) {
        throw refused("ALTER TABLE " + path.getFullName());
    }

    @Override
    default void createPartition(
            ObjectPath path, CatalogPartitionSpec spec, CatalogPartition partition, boolean ignoreIfExists) {
        throw refused("ALTER TABLE " + path.getFullName() + " ADD PARTITION");
    }

    @Override
    default void dropPartition(ObjectPath path, CatalogPartitionSpec spec, boolean ignoreIfNotExists) {
        throw refused("ALTER TABLE " + path.getFullName() + " DROP PARTITION");
    }

    @Override
    default void alterPartition(
            ObjectPath path, CatalogPartitionSpec spec, CatalogPartition partition, boolean ignoreIfNotExists) {
        throw refused("ALTER TABLE " + path.getFullName() + " PARTITION");
    }

    @Override
    default void createFunction(ObjectPath path, CatalogFunction function, boolean ignoreIfExists) {
        throw refused("CREATE FUNCTION " + path.getFullName());
    }

    @Override
    default void alterFunction(ObjectPath path, CatalogFunction function, boolean ignoreIfNotExists) {
        throw refused("ALTER FUNCTION " + path.getFullName());
    }

    @Override
    default void dropFunction(ObjectPath path, boolean ignoreIfNotExists) {
        throw refused("DROP FUNCTION " + path.getFullName());
    }

    @Override
    default void alterTableStatistics(ObjectPath path, CatalogTableStatistics statistics, boolean ignoreIfNotExists) {
        throw refused("ANALYZE TABLE " + path.getFullName());
    }

    @Override
    default void alterTableColumnStatistics(
            ObjectPath path, CatalogColumnStatistics statistics, boolean ignoreIfNotExists) {
        throw refused("ANALYZE TABLE " + path.getFullName());
    }

    @Override
    default void alterPartitionStatistics(
            ObjectPath path, CatalogPartitionSpec spec, CatalogTableStatistics statistics, boolean ignoreIfNotExists) {
        throw refused("ANALYZE TABLE " + path.getFullName());
    }

    @Override
    default void alterPartitionColumnStatistics(
            ObjectPath path, CatalogPartitionSpec spec, CatalogColumnStatistics statistics, boolean ignoreIfNotExists) {
        throw refused("ANALYZE TABLE " + path.getFullName());
    }

    @Override
    default List<String> listViews(String database) {
        return List.of();
    }

    @Override
    default List<String> listFunctions(String database) {
        return List.of();
    }

    @Override
    default CatalogFunction getFunction(ObjectPath path) throws FunctionNotExistException {
        throw new FunctionNotExistException("firn", path);
    }

    @Override
    default boolean functionExists(ObjectPath path) {
        return false;
    }

    /** The source reports how many rows it has. */
    @Override
    default CatalogTableStatistics getTableStatistics(ObjectPath path) {
        return CatalogTableStatistics.UNKNOWN;
    }

    @Override
    default CatalogColumnStatistics getTableColumnStatistics(ObjectPath path) {
        return CatalogColumnStatistics.UNKNOWN;
    }

    @Override
    default CatalogTableStatistics getPartitionStatistics(ObjectPath path, CatalogPartitionSpec spec) {
        return CatalogTableStatistics.UNKNOWN;
    }

    @Override
    default CatalogColumnStatistics getPartitionColumnStatistics(ObjectPath path, CatalogPartitionSpec spec) {
        return CatalogColumnStatistics.UNKNOWN;
    }
}
