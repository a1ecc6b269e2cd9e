package io.firn.testing;

import io.firn.error.NotFoundException;
import io.firn.error.StorageIoException;
import io.firn.fs.FileInfo;
import io.firn.fs.PoliteLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** The operations that all stores in memory do in the same way. */
final class MemoryFiles {
    private static final long ENDLESS = 1L << 50;

    private MemoryFiles() {}

    static boolean createDirectory(MemoryTree tree, Path directory) {
        if (MemoryTree.absolute(directory).getParent() == null) {
            return false;
        }
        if (tree.add("create directory", directory, new MemoryNode.Directory())) {
            return true;
        }
        if (tree.find(directory).filter(MemoryNode.File.class::isInstance).isPresent()) {
            throw new StorageIoException("create directory", directory, new IOException("a file has this name"));
        }
        return false;
    }

    static FileInfo info(MemoryTree tree, Path path) {
        MemoryNode node = tree.find(path).orElseThrow(() -> notFound("look at", path));
        return node instanceof MemoryNode.File file
                ? new FileInfo(file.content().sizeBytes(), file.content().modifiedMs())
                : new FileInfo(0, 0);
    }

    static long usableBytes(MemoryTree tree, Path path) {
        if (tree.find(path).isEmpty()) {
            throw notFound("find the free space of", path);
        }
        return ENDLESS;
    }

    static Optional<PoliteLock> tryLock(MemoryTree tree, Set<Path> locks, Path path, Supplier<MemoryFile> newFile) {
        Path key = MemoryTree.absolute(path);
        if (tree.find(key).isEmpty()) {
            tree.add("lock", key, new MemoryNode.File(newFile.get()));
        }
        if (!locks.add(key)) {
            return Optional.empty();
        }
        AtomicBoolean held = new AtomicBoolean(true);
        return Optional.of(() -> {
            if (held.compareAndSet(true, false)) {
                locks.remove(key);
            }
        });
    }

    private static NotFoundException notFound(String operation, Path path) {
        return new NotFoundException("Cannot " + operation + " " + path + ": it does not exist");
    }
}
