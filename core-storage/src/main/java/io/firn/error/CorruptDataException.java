package io.firn.error;

import java.nio.file.Path;

/**
 * Stored bytes are not what was written. Never retried and never silently repaired.
 *
 * <p>Thread-safe.
 */
public final class CorruptDataException extends FirnException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final long offset;
    private final String reason;

    /**
     * Creates the exception.
     *
     * @param path the damaged file
     * @param offset the offset of the damage in bytes from the start of the file, {@code >= 0}
     * @param reason what was expected and what was found
     */
    public CorruptDataException(Path path, long offset, String reason) {
        super("Corrupt data in " + path + " at offset " + offset + ": " + reason
                + ". Nothing was changed; run 'firn verify' on the table and restore the file from a copy.");
        this.path = path.toString();
        this.offset = offset;
        this.reason = reason;
    }

    /** The damaged file. */
    public String path() {
        return path;
    }

    /** Offset of the damage in bytes from the start of the file. */
    public long offset() {
        return offset;
    }

    /** What was expected and what was found. */
    public String reason() {
        return reason;
    }
}
