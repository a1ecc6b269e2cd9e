package io.firn.cache;

/**
 * A block of a file.
 *
 * @param file identity of the file's content: its path, or its path, {@code #} and what tells contents apart; an
 *     identity is never used for other content
 * @param block number of the block, {@code >= 0}
 */
public record BlockKey(String file, int block) {
    /** Stands between the path of a file and what tells its contents apart. */
    public static final char IDENTITY_SEPARATOR = '#';

    /** Checks the number. */
    public BlockKey {
        if (block < 0) {
            throw new IllegalArgumentException("block " + block + " of " + file + " is negative");
        }
    }

    /** The file's path. */
    public String path() {
        int end = file.lastIndexOf(IDENTITY_SEPARATOR);
        return end < 0 ? file : file.substring(0, end);
    }

    /** Whether the block is of this file, which is given by its identity or by its path alone. */
    boolean isOf(String identityOrPath) {
        return file.startsWith(identityOrPath)
                && (file.length() == identityOrPath.length()
                        || (file.charAt(identityOrPath.length()) == IDENTITY_SEPARATOR
                                && file.indexOf(IDENTITY_SEPARATOR, identityOrPath.length() + 1) < 0));
    }
}
