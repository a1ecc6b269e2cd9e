package io.firn.error;

/**
 * A table, partition or segment does not exist; the message names every path that was looked at.
 *
 * <p>Thread-safe.
 */
public final class NotFoundException extends FirnException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; {@code message} says what, where, expected, found and what to do. */
    public NotFoundException(String message) {
        super(message);
    }

    /** Creates the exception with the failure behind it. */
    public NotFoundException(String message, Throwable cause) {
        super(message, cause);
    }
}
