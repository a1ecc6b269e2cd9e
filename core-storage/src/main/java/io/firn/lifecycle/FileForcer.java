package io.firn.lifecycle;

import io.firn.error.StorageIoException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * Makes many files or directories durable, several at a time: a file system answers parallel forces with few writes of
 * its journal.
 *
 * <p>With one thread everything runs on the caller's, in the given order. Thread-safe.
 */
final class FileForcer {
    private final FileStore store;
    private final int threads;

    FileForcer(FileStore store, int threads) {
        this.store = store;
        this.threads = threads;
    }

    /** Makes content and size of files durable; their names stay as durable as they are. */
    void forceFiles(Collection<Path> files) {
        forEach(List.copyOf(files), this::forceFile);
    }

    /** Makes the entries of directories durable. */
    void forceDirectories(Collection<Path> directories) {
        forEach(List.copyOf(directories), store::forceDirectory);
    }

    private void forceFile(Path path) {
        try (StoreFile file = store.openRead(path)) {
            file.force();
        }
    }

    private void forEach(List<Path> paths, Consumer<Path> force) {
        int workers = Math.min(threads, paths.size());
        if (workers <= 1) {
            paths.forEach(force);
            return;
        }
        ExecutorService executor = Executors.newFixedThreadPool(workers, daemonThreads());
        try {
            List<Future<?>> parts = new ArrayList<>();
            for (int worker = 0; worker < workers; worker++) {
                int first = worker;
                parts.add(executor.submit(() -> forceEvery(paths, first, workers, force)));
            }
            awaitAll(parts, paths.get(0));
        } finally {
            executor.shutdownNow();
        }
    }

    private static void forceEvery(List<Path> paths, int first, int step, Consumer<Path> force) {
        for (int i = first; i < paths.size(); i += step) {
            force.accept(paths.get(i));
        }
    }

    /** Waits for all, also after a failure: whoever cleans up afterwards must be alone with the files. */
    private static void awaitAll(List<Future<?>> parts, Path example) {
        RuntimeException failure = null;
        for (Future<?> part : parts) {
            try {
                part.get();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new StorageIoException("force", example, new InterruptedIOException("the lifecycle was stopped"));
            } catch (ExecutionException failed) {
                failure = failed.getCause() instanceof RuntimeException cause
                        ? cause
                        : new IllegalStateException("forcing files failed", failed.getCause());
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static ThreadFactory daemonThreads() {
        return task -> {
            Thread thread = new Thread(task, "firn-lifecycle-force");
            thread.setDaemon(true);
            return thread;
        };
    }
}
