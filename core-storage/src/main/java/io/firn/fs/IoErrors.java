package io.firn.fs;

import io.firn.error.FirnException;
import io.firn.error.NotFoundException;
import io.firn.error.StorageFullException;
import io.firn.error.StorageIoException;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Translates errors of the operating system into the exceptions of the engine. Thread-safe. */
final class IoErrors {
    /** What Linux, the BSDs and Windows say for ENOSPC, EDQUOT and ERROR_DISK_FULL. */
    private static final List<String> FULL_MESSAGES =
            List.of("no space left", "quota exceeded", "not enough space", "disk full");

    private IoErrors() {}

    /** The exception to throw for a failed operation, for example {@code "write"}, on a path. */
    static FirnException translate(String operation, Path path, IOException error) {
        if (error instanceof NoSuchFileException) {
            return new NotFoundException("Cannot " + operation + " " + path + ": it does not exist", error);
        }
        if (isFull(error)) {
            return new StorageFullException(operation, path, error);
        }
        if (error instanceof ClosedByInterruptException) {
            return new StorageIoException(operation, path, interrupted("the thread was interrupted", error));
        }
        if (error instanceof AsynchronousCloseException || error instanceof ClosedChannelException) {
            return new StorageIoException(
                    operation, path, interrupted("another thread was interrupted while it used the file", error));
        }
        return new StorageIoException(operation, path, error);
    }

    /** The same for an error that came wrapped, because an interface did not allow it to be thrown. */
    static FirnException translateCause(String operation, Path path, RuntimeException wrapper) {
        IOException error = wrapper.getCause() instanceof IOException cause ? cause : new IOException(wrapper);
        return translate(operation, path, error);
    }

    /** Whether the error means that a disk or a quota is full. */
    static boolean isFull(IOException error) {
        String message = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
        return FULL_MESSAGES.stream().anyMatch(message::contains);
    }

    private static IOException interrupted(String what, IOException error) {
        return new IOException(what + ", which closes the open file; open it again", error);
    }
}
