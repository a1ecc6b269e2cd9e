package io.firn.fs;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalFileStoreMmapTest extends MappingStoreContract {
    @TempDir
    private Path directory;

    @Override
    protected FileStore store() {
        return LocalFileStore.open(IoMode.MMAP);
    }

    @Override
    protected Path root() {
        return directory;
    }
}
