package io.firn.error;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
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
        super("Cannot " + operation + " " + path + ": " + reason(cause), cause);
        this.path = path.toString();
    }

    /** What Java's exceptions of files leave to their class, or hide behind the path. */
    private static String reason(IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "permission denied for user '" + System.getProperty("user.name")
                    + "'; files of a table are for their"
                    + " user and group: run as that user, or as a member of the group (ls -ln shows both)";
        }
        if (cause instanceof DirectoryNotEmptyException) {
            return "the directory is not empty";
        }
        if (cause instanceof NotDirectoryException) {
            return "it is no directory";
        }
        String reason = cause instanceof FileSystemException known ? known.getReason() : null;
        return reason == null ? String.valueOf(cause.getMessage()) : reason;
    }

    /** Whether the file system knows the path and does not let this process have it. */
    public boolean isAccessDenied() {
        return getCause() instanceof AccessDeniedException;
    }

    /** The file or directory that the operation was about. */
    public String path() {
        return path;
    }
}
