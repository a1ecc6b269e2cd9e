package io.firn.error;

import org.jspecify.annotations.Nullable;

/**
 * The root of all exceptions that the engine throws on purpose.
 *
 * <p>A message says what failed, where (file and offset), what was expected, what was found and what to do.
 * Thread-safe.
 */
public abstract class FirnException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Takes a message that says what, where, expected and actual. */
    protected FirnException(String message) {
        super(message);
    }

    /** Takes a message that says what, where, expected and actual, and the cause. */
    protected FirnException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
