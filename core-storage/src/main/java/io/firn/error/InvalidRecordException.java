package io.firn.error;

/**
 * A record cannot be stored as it is (too large, a field missing or malformed); nothing was written.
 *
 * <p>Thread-safe.
 */
public final class InvalidRecordException extends FirnException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; {@code message} says what, where, expected, found and what to do. */
    public InvalidRecordException(String message) {
        super(message);
    }

    /** Creates the exception with the failure behind it. */
    public InvalidRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
