package io.firn.error;

/**
 * An operation was called on something that is closed.
 *
 * <p>Thread-safe.
 */
public final class ClosedException extends FirnException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; {@code message} says what, where, expected, found and what to do. */
    public ClosedException(String message) {
        super(message);
    }

    /** Creates the exception with the failure behind it. */
    public ClosedException(String message, Throwable cause) {
        super(message, cause);
    }
}
