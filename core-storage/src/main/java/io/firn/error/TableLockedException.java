package io.firn.error;

/**
 * Another process or thread holds the polite lock of a table, lane or partition; nothing was changed.
 *
 * <p>Thread-safe.
 */
public final class TableLockedException extends FirnException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; {@code message} says what, where, expected, found and what to do. */
    public TableLockedException(String message) {
        super(message);
    }

    /** Creates the exception with the failure behind it. */
    public TableLockedException(String message, Throwable cause) {
        super(message, cause);
    }
}
