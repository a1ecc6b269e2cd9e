package io.firn.table;

import io.firn.error.ConfigException;
import io.firn.error.NotFoundException;
import io.firn.error.StorageIoException;
import io.firn.fs.FileStore;
import io.firn.fs.FileTree;
import io.firn.log.CatalogLog;
import io.firn.log.TableLayout;
import io.firn.partition.PartitionScheme;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a table appear at once: everything below {@code _table} is made in a directory of another name, forced, and
 * renamed into place, which succeeds for exactly one of several creators.
 *
 * <p>Thread-safe; no state.
 */
final class TableCreation {
    private static final Logger LOG = LoggerFactory.getLogger(TableCreation.class);
    private static final String BUILDING_PREFIX = TableLayout.TABLE_DIRECTORY + ".";

    private TableCreation() {}

    /** Creates a table; false when there is one already, or when somebody else was faster. */
    static boolean create(TableEnvironment environment, Path path, PartitionScheme scheme, TableConfig config) {
        FileStore store = environment.store();
        Path root = path.toAbsolutePath().normalize();
        if (store.exists(root.resolve(TableLayout.TABLE_DIRECTORY))) {
            return false;
        }
        refuseInsideTable(store, root);
        FileTree.createDirectories(store, root);
        Optional<String> left = leftOfTable(store, root);
        if (left.isPresent()) {
            if (store.exists(root.resolve(TableLayout.TABLE_DIRECTORY))) {
                return false; // somebody else was faster, and settles already
            }
            throw new ConfigException("Cannot create a table at " + root + ": '" + left.get() + "' there is of a table"
                    + " whose " + TableLayout.TABLE_DIRECTORY + " is gone. Put that back from a copy, or choose"
                    + " another place; a new table would overwrite its files");
        }
        TableMetadata metadata = TableMetadata.ofNewTable(
                scheme, config, Instant.ofEpochMilli(environment.clock().millis()));
        Path building = root.resolve(BUILDING_PREFIX + metadata.id() + ".tmp");
        try {
            build(environment, root, building, metadata);
            store.rename(building, root.resolve(TableLayout.TABLE_DIRECTORY));
        } catch (StorageIoException | NotFoundException failed) {
            // A directory cannot replace one that holds files: another creator was faster (and may have cleaned up).
            discard(store, building);
            if (!store.exists(root.resolve(TableLayout.TABLE_DIRECTORY))) {
                throw failed;
            }
            return false;
        }
        store.forceDirectory(root);
        removeAbandoned(store, root);
        return true;
    }

    private static void build(TableEnvironment environment, Path root, Path building, TableMetadata metadata) {
        FileStore store = environment.store();
        TableLayout layout = new TableLayout(store, root, metadata.id(), building);
        layout.createDirectories(List.of(layout.lanes(), layout.hot(), layout.catalog(), layout.temporary()));
        // From the first moment there is a catalog: a table without one has lost it.
        CatalogLog.create(layout, environment.clock()).close();
        TableMetadataFile.write(store, building.resolve(TableMetadataFile.FILE), metadata);
        store.forceDirectory(building);
    }

    /** Once a table stands here, no directory in the making can become one any more. */
    private static void removeAbandoned(FileStore store, Path root) {
        for (String name : store.list(root)) {
            if (name.startsWith(BUILDING_PREFIX)) {
                discard(store, root.resolve(name));
            }
        }
    }

    /** Several creators may clean up at once, each finding what another has just deleted. */
    private static void discard(FileStore store, Path building) {
        try {
            FileTree.delete(store, building);
        } catch (StorageIoException | NotFoundException inUse) {
            LOG.debug("left to its creator: path={} reason={}", building, inUse.getMessage());
        }
    }

    /** Something in a directory that only a table makes: a rewritten file, or the directory of a partition. */
    private static Optional<String> leftOfTable(FileStore store, Path root) {
        return store.list(root).stream()
                .filter(name -> CatalogLog.isOutputName(name)
                        || (name.indexOf('=') > 0 && store.isDirectory(root.resolve(name))))
                .findFirst();
    }

    /** What stands in a table's directory is the table's: its own tools would call a table there a leftover. */
    private static void refuseInsideTable(FileStore store, Path root) {
        for (Path above = root.getParent(); above != null; above = above.getParent()) {
            if (ArchiveRoot.isTable(store, above)) {
                throw new ConfigException("Cannot create a table at " + root + ": it lies inside the table " + above
                        + "; choose a place outside of it");
            }
        }
    }
}
