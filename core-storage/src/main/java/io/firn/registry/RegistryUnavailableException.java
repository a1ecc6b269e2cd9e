package io.firn.registry;

import io.firn.error.FirnException;
import org.jspecify.annotations.Nullable;

/**
 * No registry answers at present. Says nothing about the schema: the same call may succeed later.
 *
 * <p>Thread-safe.
 */
public final class RegistryUnavailableException extends FirnException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; {@code message} says who was asked and what came back. */
    public RegistryUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
