package io.firn.fs;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalFileStoreChannelTest extends FileStoreContract {
    @TempDir
    private Path directory;

    @Override
    protected FileStore store() {
        return LocalFileStore.open(IoMode.CHANNEL);
    }

    @Override
    protected Path root() {
        return directory;
    }
}
