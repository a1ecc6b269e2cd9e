package io.firn.lifecycle;

import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * Makes many files or directories durable, several at a time: a file system answers parallel forces with few writes of
 * its journal.
 *
 * <p>With one thread everything runs on the caller's, in the given order. Thread-safe.
 */
final class FileForcer {
    private final FileStore store;
    private final ParallelWork workers;

    FileForcer(FileStore store, int threads) {
        this.store = store;
        this.workers = new ParallelWork(threads);
    }

    /** Makes content and size of files durable; their names stay as durable as they are. */
    void forceFiles(Collection<Path> files) {
        workers.forEach(List.copyOf(files), this::forceFile);
    }

    /** Makes the entries of directories durable. */
    void forceDirectories(Collection<Path> directories) {
        workers.forEach(List.copyOf(directories), store::forceDirectory);
    }

    private void forceFile(Path path) {
        try (StoreFile file = store.openRead(path)) {
            file.force();
        }
    }
}
