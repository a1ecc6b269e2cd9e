package io.firn.error;

/**
 * A successor opened the lane or the catalog: this owner must not write or acknowledge any more.
 *
 * <p>Thread-safe.
 */
public final class WriterFencedException extends FirnException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; {@code message} says what, where, expected, found and what to do. */
    public WriterFencedException(String message) {
        super(message);
    }

    /** Creates the exception with the failure behind it. */
    public WriterFencedException(String message, Throwable cause) {
        super(message, cause);
    }
}
