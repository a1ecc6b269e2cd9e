package io.firn.error;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The file system reported an error. After a failed force the file must not be used again; reopen its writer.
 *
 * <p>Thread-safe.
 */
public class StorageIoException extends FirnException {
    private static final long serialVersionUID = 1L;

    private final String path;

    /**
     * Creates the exception.
     *
     * @param operation what was attempted, for example {@code "force"}
     * @param path the file or directory
     * @param cause the error of the file system
     */
    public StorageIoException(String operation, Path path, IOException cause) {
        super("Cannot " + operation + " " + path + ": " + cause.getMessage(), cause);
        this.path = path.toString();
    }

    /** The file or directory that the operation was about. */
    public String path() {
        return path;
    }
}
