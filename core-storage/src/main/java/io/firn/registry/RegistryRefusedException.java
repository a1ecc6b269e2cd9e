package io.firn.registry;

import io.firn.error.FirnException;

/**
 * The registry said no: wrong credentials, an incompatible or invalid schema, a subject that may only be read.
 *
 * <p>Thread-safe.
 */
public final class RegistryRefusedException extends FirnException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final int errorCode;

    /**
     * Creates the exception.
     *
     * @param message what was asked, what the registry said, and what to do
     * @param status of HTTP
     * @param errorCode of the registry, or the status when it named none
     */
    public RegistryRefusedException(String message, int status, int errorCode) {
        super(message);
        this.status = status;
        this.errorCode = errorCode;
    }

    /** Status of HTTP. */
    public int status() {
        return status;
    }

    /** Code of the registry, for example 40401; the status when it named none. */
    public int errorCode() {
        return errorCode;
    }
}
