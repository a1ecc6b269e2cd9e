package io.firn.error;

/**
 * A configuration value, scheme, mapping or filter is invalid; the message quotes the value and the remedy.
 *
 * <p>Thread-safe.
 */
public final class ConfigException extends FirnException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; {@code message} says what, where, expected, found and what to do. */
    public ConfigException(String message) {
        super(message);
    }

    /** Creates the exception with the failure behind it. */
    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
