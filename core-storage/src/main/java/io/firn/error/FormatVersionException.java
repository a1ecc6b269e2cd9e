package io.firn.error;

/**
 * A file was written by a newer format version, or needs a feature that this version does not know.
 *
 * <p>Thread-safe.
 */
public final class FormatVersionException extends FirnException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; {@code message} says what, where, expected, found and what to do. */
    public FormatVersionException(String message) {
        super(message);
    }

    /** Creates the exception with the failure behind it. */
    public FormatVersionException(String message, Throwable cause) {
        super(message, cause);
    }
}
