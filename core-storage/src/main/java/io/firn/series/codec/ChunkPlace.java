package io.firn.series.codec;

import io.firn.error.CorruptDataException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where encoded samples stand, for messages. Thread-safe.
 *
 * @param path the file
 * @param offset bytes from the start of the file, {@code >= 0}
 */
public record ChunkPlace(Path path, long offset) {
    /** Checks the offset. */
    public ChunkPlace {
        Objects.requireNonNull(path);
        if (offset < 0) {
            throw new IllegalArgumentException("offset " + offset + " is negative");
        }
    }

    CorruptDataException corrupt(String reason) {
        return new CorruptDataException(path, offset, "series chunk: " + reason);
    }
}
