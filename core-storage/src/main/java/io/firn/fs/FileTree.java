package io.firn.fs;

import io.firn.error.NotFoundException;
import java.nio.file.Path;

/** Directories with all that is in them. Thread-safe; no state. */
public final class FileTree {
    private FileTree() {}

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
