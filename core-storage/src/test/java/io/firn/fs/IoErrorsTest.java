package io.firn.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.NotFoundException;
import io.firn.error.StorageFullException;
import io.firn.error.StorageIoException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IoErrorsTest {
    private static final Path PATH = Path.of("/t/a.q");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "No space left on device",
                "Disk quota exceeded",
                "There is not enough space on the disk",
                "Disk full"
            })
    void aFullDiskOrQuotaIsStorageFull(String message) {
        assertThat(IoErrors.translate("write", PATH, new IOException(message)))
                .isInstanceOf(StorageFullException.class)
                .hasMessage("Cannot write /t/a.q: " + message);
        assertThat(IoErrors.translate("create", PATH, new FileSystemException("/t/a.q", null, message)))
                .isInstanceOf(StorageFullException.class);
    }

    @Test
    void aMissingPathIsNotFound() {
        assertThat(IoErrors.translate("open", PATH, new NoSuchFileException("/t/a.q")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("/t/a.q");
    }

    @Test
    void anythingElseIsAStorageError() {
        assertThat(IoErrors.translate("open", PATH, new AccessDeniedException("/t/a.q")))
                .isExactlyInstanceOf(StorageIoException.class);
        assertThat(IoErrors.translate("open", PATH, new IOException())).isExactlyInstanceOf(StorageIoException.class);
        assertThat(IoErrors.translateCause("list", PATH, new UncheckedIOException(new IOException("x"))))
                .hasMessage("Cannot list /t/a.q: x");
        assertThat(IoErrors.translateCause("list", PATH, new IllegalStateException("y")))
                .isExactlyInstanceOf(StorageIoException.class)
                .hasMessageContaining("y");
    }

    @Test
    void theReasonOfTheFileSystemIsSaid() {
        assertThat(IoErrors.translate("open", PATH, new AccessDeniedException("/t/a.q")))
                .hasMessageStartingWith("Cannot open /t/a.q: permission denied for user '")
                .hasMessageContaining("user and group");
        assertThat(IoErrors.translate("create", PATH, new FileSystemException("/t/a.q", null, "Read-only file system")))
                .hasMessage("Cannot create /t/a.q: Read-only file system");
        assertThat(IoErrors.translate("delete", PATH, new DirectoryNotEmptyException("/t/a.q")))
                .hasMessage("Cannot delete /t/a.q: the directory is not empty");
    }

    @Test
    void interruptsAreNamed() {
        assertThat(IoErrors.translate("read", PATH, new ClosedByInterruptException()))
                .hasMessageContaining("the thread was interrupted");
        for (IOException error : new IOException[] {new AsynchronousCloseException(), new ClosedChannelException()}) {
            assertThat(IoErrors.translate("read", PATH, error))
                    .hasMessageContaining("another thread was interrupted")
                    .hasMessageContaining("open it again");
        }
    }
}
