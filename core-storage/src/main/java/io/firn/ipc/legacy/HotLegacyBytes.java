package io.firn.ipc.legacy;

import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** An old {@code .q} file. */
record HotLegacyBytes(StoreFile file) implements LegacyBytes {
    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public boolean isPreallocated() {
        return true;
    }

    @Override
    public long sizeBytes() {
        return file.sizeBytes();
    }

    @Override
    public int read(ByteBuffer target, long position) {
        return file.read(target, position);
    }

    @Override
    public void close() {
        file.close();
    }
}
