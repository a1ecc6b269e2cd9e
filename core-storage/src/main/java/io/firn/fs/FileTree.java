package io.firn.fs;

import io.firn.error.NotFoundException;
import io.firn.error.StorageIoException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Directories with those above them, or with all that is in them. Thread-safe; no state. */
public final class FileTree {
    private static final Logger LOG = LoggerFactory.getLogger(FileTree.class);

    private FileTree() {}

    /**
     * Creates a directory with those above it, durably. The name of the lowest one that exists is forced, too: whoever
     * made it may have died before that. When that is not possible (who may not list a directory cannot force it), it
     * is logged.
     *
     * @throws StorageIoException when one cannot be created or forced
     */
    public static void createDirectories(FileStore store, Path directory) {
        Path parent = directory.getParent();
        if (parent == null) {
            return;
        }
        if (store.isDirectory(directory)) {
            forceExisting(store, directory, parent);
            return;
        }
        createDirectories(store, parent);
        store.createDirectory(directory);
        store.forceDirectory(parent);
    }

    private static void forceExisting(FileStore store, Path directory, Path parent) {
        try {
            store.forceDirectory(parent);
        } catch (StorageIoException refused) {
            LOG.warn("the name of a directory was not forced: path={} cause={}", directory, refused.toString());
        }
    }

    /**
     * Deletes a file, or a directory with all that is in it; what somebody else deletes meanwhile is no failure. Not
     * durable before the parent directory is forced.
     */
    public static void delete(FileStore store, Path path) {
        if (store.isDirectory(path)) {
            try {
                store.list(path).forEach(name -> delete(store, path.resolve(name)));
            } catch (NotFoundException gone) {
                return;
            }
        }
        store.delete(path);
    }
}
