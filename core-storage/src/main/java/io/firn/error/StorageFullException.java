package io.firn.error;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The disk is full or a quota is reached. Committed data is intact; go on when there is space again.
 *
 * <p>Thread-safe.
 */
public final class StorageFullException extends StorageIoException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; parameters as in {@link StorageIoException}. */
    public StorageFullException(String operation, Path path, IOException cause) {
        super(operation, path, cause);
    }
}
