package io.firn.testing;

import io.firn.error.ClosedException;
import io.firn.fs.MappedRegion;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;

/** An open file in memory; one monitor, so after {@link #close} nothing is written any more. Thread-safe. */
final class MemoryStoreFile implements StoreFile {
    /** What was opened, by which name, and how. */
    record Opened(Path path, MemoryFile file, boolean writable) {}

    private final Path path;
    private final MemoryFile file;
    private final boolean writable;
    private final MemoryDisk disk;
    private final InstantSource clock;
    private boolean closed;

    MemoryStoreFile(Opened opened, MemoryDisk disk, InstantSource clock) {
        this.path = opened.path();
        this.file = opened.file();
        this.writable = opened.writable();
        this.disk = disk;
        this.clock = clock;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public synchronized long sizeBytes() {
        requireOpen();
        return file.sizeBytes();
    }

    @Override
    public synchronized int read(ByteBuffer target, long position) {
        requireOpen();
        return file.read(target, position);
    }

    @Override
    public synchronized void write(ByteBuffer source, long position) {
        requireWritable();
        file.write(source, position, clock.millis());
    }

    @Override
    public synchronized void truncate(long sizeBytes) {
        requireWritable();
        file.truncate(sizeBytes, clock.millis());
    }

    @Override
    public synchronized void force() {
        requireOpen();
        disk.force(file);
    }

    @Override
    public synchronized MappedRegion map(long position, long sizeBytes) {
        requireWritable();
        return file.map(path, position, sizeBytes, false, this::force);
    }

    @Override
    public synchronized MappedRegion mapReadOnly(long position, long sizeBytes) {
        requireOpen();
        return file.map(path, position, sizeBytes, true, this::force);
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private void force(long from, long to) {
        disk.forceRange(file, from, to);
    }

    private void requireOpen() {
        if (closed) {
            throw new ClosedException("File " + path + " is closed");
        }
    }

    private void requireWritable() {
        requireOpen();
        if (!writable) {
            throw new IllegalStateException("File " + path + " was opened for reading only");
        }
    }
}
