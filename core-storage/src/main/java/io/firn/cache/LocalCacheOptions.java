package io.firn.cache;

import io.firn.error.ConfigException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where a local level of a cache keeps its files.
 *
 * @param path a directory that belongs to the level alone, created when only itself is missing; empty is off
 * @param maxBytes bytes of its data files, {@code >= 0}; 0 is off. Their index comes on top, some hundred bytes a block
 */
public record LocalCacheOptions(String path, long maxBytes) {
    /** No local level. */
    public static final LocalCacheOptions OFF = new LocalCacheOptions("", 0);

    /** Checks the size. */
    public LocalCacheOptions {
        if (maxBytes < 0) {
            throw new ConfigException("Invalid value " + maxBytes + " for the bytes of a local cache: use 0 or more");
        }
        Objects.requireNonNull(parsed(path));
    }

    private static Path parsed(String path) {
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw new ConfigException("Invalid value '" + path + "' for the path of a local cache: " + e.getMessage());
        }
    }

    Path directory() {
        return parsed(path);
    }

    /** Whether there is such a level. */
    public boolean isOn() {
        return !path.isEmpty() && maxBytes > 0;
    }
}
