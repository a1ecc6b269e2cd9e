package io.firn.testing;

import io.firn.error.FirnException;
import io.firn.error.NotFoundException;
import io.firn.error.StorageIoException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Directories and files in memory; the root {@code /} exists. Thread-safe. */
final class MemoryTree {
    private final MemoryNode.Directory root;
    private final MemoryDisk disk;

    /** A tree on an existing root directory; the disk learns of every change. */
    MemoryTree(MemoryNode.Directory root, MemoryDisk disk) {
        this.root = root;
        this.disk = disk;
    }

    MemoryNode.Directory root() {
        return root;
    }

    /** What stands under a path. */
    synchronized Optional<MemoryNode> find(Path path) {
        MemoryNode node = root;
        for (Path name : absolute(path)) {
            if (!(node instanceof MemoryNode.Directory directory)) {
                return Optional.empty();
            }
            MemoryNode next = directory.entries.get(name.toString());
            if (next == null) {
                return Optional.empty();
            }
            node = next;
        }
        return Optional.of(node);
    }

    synchronized MemoryFile file(String operation, Path path) {
        MemoryNode node = find(path).orElseThrow(() -> missing(operation, path));
        if (node instanceof MemoryNode.File file) {
            return file.content();
        }
        throw failure(operation, path, "it is a directory");
    }

    synchronized MemoryNode.Directory directory(String operation, Path path) {
        MemoryNode node = find(path).orElseThrow(() -> missing(operation, path));
        if (node instanceof MemoryNode.Directory directory) {
            return directory;
        }
        throw failure(operation, path, "it is not a directory");
    }

    /** Adds an entry unless the name is taken. */
    synchronized boolean add(String operation, Path path, MemoryNode node) {
        MemoryNode.Directory directory = directory(operation, parent(path));
        boolean added = directory.entries.putIfAbsent(name(path), node) == null;
        if (added) {
            disk.entryChanged(directory, name(path));
        }
        return added;
    }

    synchronized void rename(Path from, Path to) {
        MemoryNode moved = find(from).orElseThrow(() -> missing("rename", from));
        MemoryNode.Directory target = directory("rename", parent(to));
        MemoryNode replaced = target.entries.get(name(to));
        if (replaced == moved) {
            return;
        }
        if (replaced != null) {
            requireReplaceable(moved, replaced, to);
        }
        if (absolute(to).startsWith(absolute(from))) {
            throw failure("rename to " + to + " the path", from, "a directory cannot move into itself");
        }
        MemoryNode.Directory source = directory("rename", parent(from));
        source.entries.remove(name(from));
        target.entries.put(name(to), moved);
        disk.entryMoved(source, name(from), target, name(to));
    }

    private static void requireReplaceable(MemoryNode moved, MemoryNode replaced, Path to) {
        boolean emptyDirectory = replaced instanceof MemoryNode.Directory directory && directory.entries.isEmpty();
        boolean sameKind = moved instanceof MemoryNode.File == replaced instanceof MemoryNode.File;
        if (!sameKind || (replaced instanceof MemoryNode.Directory && !emptyDirectory)) {
            throw failure("rename to", to, "a directory that is not empty, or another kind of file, has this name");
        }
    }

    synchronized boolean remove(Path path) {
        Optional<MemoryNode> node = find(path);
        if (node.isEmpty() && isBelowFile(path)) {
            throw failure("delete", path, "it is below a file");
        }
        if (node.isEmpty()) {
            return false;
        }
        if (node.get() instanceof MemoryNode.Directory directory && !directory.entries.isEmpty()) {
            throw failure("delete", path, "the directory is not empty");
        }
        MemoryNode.Directory directory = directory("delete", parent(path));
        directory.entries.remove(name(path));
        disk.entryChanged(directory, name(path));
        return true;
    }

    synchronized void forceEntries(Path path) {
        disk.forceEntries(directory("force directory", path));
    }

    synchronized List<String> list(Path path) {
        return List.copyOf(directory("list", path).entries.keySet());
    }

    private boolean isBelowFile(Path path) {
        Path ancestor = absolute(path).getParent();
        while (ancestor != null) {
            Optional<MemoryNode> node = find(ancestor);
            if (node.isPresent()) {
                return node.get() instanceof MemoryNode.File;
            }
            ancestor = ancestor.getParent();
        }
        return false;
    }

    static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    static Path parent(Path path) {
        Path parent = absolute(path).getParent();
        if (parent == null) {
            throw new IllegalArgumentException("The root directory cannot be changed");
        }
        return parent;
    }

    static String name(Path path) {
        return String.valueOf(absolute(path).getFileName());
    }

    private FirnException missing(String operation, Path path) {
        if (isBelowFile(path)) {
            return failure(operation, path, "it is below a file");
        }
        return new NotFoundException("Cannot " + operation + " " + path + ": it does not exist");
    }

    private static StorageIoException failure(String operation, Path path, String reason) {
        return new StorageIoException(operation, path, new IOException(reason));
    }
}
