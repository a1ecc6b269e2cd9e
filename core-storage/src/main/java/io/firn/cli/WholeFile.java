package io.firn.cli;

import io.firn.error.ConfigException;
import io.firn.error.CorruptDataException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;

/**
 * A file of the user's that is there as a whole or not at all.
 *
 * @param store where it is
 * @param path the file
 */
record WholeFile(FileStore store, Path path) {
    private static final int MAX_BYTES = 256 << 20;

    /** Writes it, in the place of an older file. */
    void write(byte[] content) {
        Path temporary = path.resolveSibling(".firn-" + UUID.randomUUID());
        try {
            try (StoreFile file = store.createExclusively(temporary).orElseThrow()) {
                file.write(ByteBuffer.wrap(content), 0);
                file.force();
            }
            store.rename(temporary, path);
            store.forceDirectory(Objects.requireNonNull(path.toAbsolutePath().getParent()));
        } finally {
            store.delete(temporary);
        }
    }

    /**
     * Writes it where there is none. Who dies in between leaves an empty file, which is not overwritten either.
     *
     * @throws ConfigException when there is one already
     */
    void writeNew(byte[] content) {
        store.createExclusively(path)
                .orElseThrow(() ->
                        new ConfigException(path + " is there already; choose another name, nothing is overwritten"))
                .close();
        boolean done = false;
        try {
            write(content);
            done = true;
        } finally {
            if (!done) {
                store.delete(path);
            }
        }
    }

    /** Reads all of it. */
    byte[] read() {
        try (StoreFile file = store.openRead(path)) {
            long sizeBytes = file.sizeBytes();
            if (sizeBytes > MAX_BYTES) {
                throw new CorruptDataException(
                        path, MAX_BYTES, "expected at most " + MAX_BYTES + " bytes, found " + sizeBytes);
            }
            ByteBuffer content = ByteBuffer.allocate((int) sizeBytes);
            file.read(content, 0);
            return content.array();
        }
    }
}
