package io.firn.series;

import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import io.firn.testing.InMemoryFileStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** All files of a directory, to be put into new file stores as they are or with damage. Confined to one thread. */
final class StoreImage {
    private static final int ARENA_BYTES = 1 << 18;

    private final TreeSet<Path> directories = new TreeSet<>();
    private final Map<Path, byte[]> files = new TreeMap<>();

    /** Takes everything below a directory. */
    static StoreImage of(FileStore store, Path root) {
        StoreImage image = new StoreImage();
        for (Path parent = root; parent != null && parent.getNameCount() > 0; parent = parent.getParent()) {
            image.directories.add(parent);
        }
        image.collect(store, root);
        return image;
    }

    private void collect(FileStore store, Path directory) {
        for (String name : store.list(directory)) {
            Path child = directory.resolve(name);
            if (store.isDirectory(child)) {
                directories.add(child);
                collect(store, child);
            } else {
                files.put(child, read(store, child));
            }
        }
    }

    private static byte[] read(FileStore store, Path path) {
        try (StoreFile file = store.openRead(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.sizeBytes());
            file.read(bytes, 0);
            return bytes.array();
        }
    }

    /** The paths of the files, ascending. */
    List<Path> paths() {
        return List.copyOf(files.keySet());
    }

    /** Size of a file, bytes. */
    int size(Path path) {
        return content(path).length;
    }

    private byte[] content(Path path) {
        byte[] content = files.get(path);
        if (content == null) {
            throw new IllegalArgumentException("no file " + path);
        }
        return content;
    }

    /** A new file store with these files. */
    InMemoryFileStore store() {
        InMemoryFileStore store = new InMemoryFileStore(ARENA_BYTES, () -> StoreFixture.START);
        directories.forEach(store::createDirectory);
        files.forEach((path, content) -> write(store, path, content));
        return store;
    }

    private static void write(FileStore store, Path path, byte[] content) {
        try (StoreFile file = store.createExclusively(path).orElseThrow()) {
            file.write(ByteBuffer.wrap(content), 0);
        }
    }

    /** Turns a bit of a file; a second time it is as before. Nothing when the file is gone or shorter. */
    static void flip(FileStore store, Path path, long bit) {
        if (!store.exists(path)) {
            return;
        }
        try (StoreFile file = store.openWrite(path)) {
            long at = bit / Byte.SIZE;
            if (at < file.sizeBytes()) {
                ByteBuffer octet = ByteBuffer.allocate(1);
                file.read(octet, at);
                octet.put(0, (byte) (octet.get(0) ^ (1 << (bit % Byte.SIZE))));
                file.write(octet.flip(), at);
            }
        }
    }

    /** Cuts a file. */
    static void cut(FileStore store, Path path, long sizeBytes) {
        try (StoreFile file = store.openWrite(path)) {
            file.truncate(sizeBytes);
        }
    }
}
