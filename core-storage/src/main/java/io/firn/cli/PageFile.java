package io.firn.cli;

import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A file that is there as a whole or not at all.
 *
 * @param store where it is
 * @param path the file
 */
record PageFile(FileStore store, Path path) {
    /** Writes the text, in the place of an older file. */
    void write(String text) {
        Path temporary = path.resolveSibling(".firn-" + UUID.randomUUID());
        try {
            try (StoreFile file = store.createExclusively(temporary).orElseThrow()) {
                file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
                file.force();
            }
            store.rename(temporary, path);
        } finally {
            store.delete(temporary);
        }
    }
}
