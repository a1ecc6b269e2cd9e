package io.firn.fs;

import java.nio.file.Path;

/** The argument checks that every kind of region and every file store makes in the same way. Thread-safe. */
public final class RegionChecks {
    /** Regions start at a multiple of this: the largest page and allocation granularity in use. */
    public static final int GRANULARITY_BYTES = 64 * 1024;

    private RegionChecks() {}

    /** Refuses a part of a region that does not lie inside of it. */
    public static void requireRange(int from, int to, int capacity) {
        if (from < 0 || to < from || to > capacity) {
            throw new IllegalArgumentException(
                    "Range [" + from + ", " + to + ") is outside of a region of " + capacity + " bytes");
        }
    }

    /** Refuses a region that starts off a page, is empty, too large, or lies beyond the end of its file. */
    public static void requireMappable(Path path, long position, long sizeBytes, long fileSizeBytes) {
        if (position < 0 || position % GRANULARITY_BYTES != 0) {
            throw new IllegalArgumentException(
                    "Cannot map " + path + " at offset " + position + ": expected a multiple of " + GRANULARITY_BYTES);
        }
        if (sizeBytes <= 0 || sizeBytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "Cannot map " + sizeBytes + " bytes of " + path + ": expected 1 to " + Integer.MAX_VALUE);
        }
        if (position + sizeBytes > fileSizeBytes) {
            throw new IllegalArgumentException("Cannot map bytes [" + position + ", " + (position + sizeBytes) + ") of "
                    + path + ": the file has " + fileSizeBytes + " bytes; write zeros first");
        }
    }
}
