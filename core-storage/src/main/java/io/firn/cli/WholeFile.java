package io.firn.cli;

import io.firn.error.ConfigException;
import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import io.firn.fs.RealPath;
import io.firn.fs.StoreFile;
import io.firn.log.TableLayout;
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

    /**
     * Where it is written: links are followed, so that they stay.
     *
     * @throws ConfigException when it is no place for a file of the user's
     */
    Path target() {
        Path target = followed();
        if (RealPath.isNoFile(target)) {
            throw new ConfigException(path + " is a directory, a device or a pipe, which a file would replace; name a"
                    + " file, or another place for it");
        }
        for (Path name : target) {
            if (name.toString().equals(TableLayout.TABLE_DIRECTORY)) {
                throw new ConfigException(path + " lies among the logs of a table (" + TableLayout.TABLE_DIRECTORY
                        + "), where nothing else may be written; choose another place");
            }
        }
        Path directory = Objects.requireNonNull(target.getParent());
        if (!store.isDirectory(directory)) {
            throw new ConfigException("There is no directory " + directory + " to write " + path + " into; make it");
        }
        return target;
    }

    private Path followed() {
        try {
            return RealPath.of(path);
        } catch (NotFoundException nowhere) {
            throw new ConfigException(path + " is a link that leads to no file; name a file", nowhere);
        }
    }

    /** Writes it, in the place of an older file. */
    void write(byte[] content) {
        Path target = target();
        Path temporary = target.resolveSibling(".firn-" + UUID.randomUUID());
        try {
            try (StoreFile file = store.createExclusively(temporary).orElseThrow()) {
                file.write(ByteBuffer.wrap(content), 0);
                file.force();
            }
            store.rename(temporary, target);
            store.forceDirectory(Objects.requireNonNull(target.getParent()));
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
        target();
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
