package io.firn.ipc.legacy;

import io.firn.ipc.StreamKey;
import java.nio.file.Path;

/**
 * One stream of an old archive. Immutable; thread-safe.
 *
 * @param key venue, symbol, date and stream
 * @param layout how its files are laid out
 * @param directory the directory of its files
 */
public record LegacyStream(StreamKey key, LegacyLayout layout, Path directory) {
    /** Name of the writer in a table that holds its records. */
    public String writer() {
        return layout.writer() + "@" + key.partition().toPath();
    }

    @Override
    public String toString() {
        return key.partition().toPath() + " of " + directory;
    }
}
