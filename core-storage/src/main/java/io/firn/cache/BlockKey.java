package io.firn.cache;

/**
 * A block of a file.
 *
 * @param file identity of the file's content; names of files are never used for other content
 * @param block number of the block, {@code >= 0}
 */
public record BlockKey(String file, int block) {
    /** Checks the number. */
    public BlockKey {
        if (block < 0) {
            throw new IllegalArgumentException("block " + block + " of " + file + " is negative");
        }
    }
}
