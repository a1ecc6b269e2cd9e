package io.firn.table;

import io.firn.error.StorageIoException;
import io.firn.fs.FileStore;
import io.firn.log.CatalogLog;
import io.firn.log.TableLayout;
import io.firn.partition.PartitionScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * Makes a table appear at once: everything below {@code _table} is made in a directory of another name, forced, and
 * renamed into place, which succeeds for exactly one of several creators.
 *
 * <p>Thread-safe; no state.
 */
final class TableCreation {
    private TableCreation() {}

    /** Creates a table; false when there is one already, or when somebody else was faster. */
    static boolean create(TableEnvironment environment, Path path, PartitionScheme scheme, TableConfig config) {
        FileStore store = environment.store();
        Path root = path.toAbsolutePath().normalize();
        if (store.exists(root.resolve(TableLayout.TABLE_DIRECTORY))) {
            return false;
        }
        createRoot(store, root);
        UUID id = UUID.randomUUID();
        Path building = root.resolve(TableLayout.TABLE_DIRECTORY + "." + id + ".tmp");
        TableLayout layout = new TableLayout(store, root, id, building);
        layout.createDirectories(List.of(layout.lanes(), layout.hot(), layout.catalog(), layout.temporary()));
        // From the first moment there is a catalog: a table without one has lost it.
        CatalogLog.open(layout, environment.clock()).close();
        TableMetadataFile.write(store, building, new TableMetadata(id, scheme, config));
        store.forceDirectory(building);
        return publish(store, root, building);
    }

    private static boolean publish(FileStore store, Path root, Path building) {
        try {
            store.rename(building, root.resolve(TableLayout.TABLE_DIRECTORY));
        } catch (StorageIoException taken) {
            // A directory cannot replace one that holds files: another creator was faster.
            CatalogLog.deleteTree(store, building);
            if (!store.exists(root.resolve(TableLayout.TABLE_DIRECTORY))) {
                throw taken;
            }
            return false;
        }
        store.forceDirectory(root);
        return true;
    }

    private static void createRoot(FileStore store, Path directory) {
        Path parent = directory.getParent();
        if (parent == null || store.isDirectory(directory)) {
            return;
        }
        createRoot(store, parent);
        store.createDirectory(directory);
        store.forceDirectory(parent);
    }
}
