package io.firn.fs;

import io.firn.error.ClosedException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An open file of a {@link LocalFileStore}.
 *
 * <p>{@link #close} waits for changes that are running in other threads: after it returns nothing is written through
 * this object any more. Thread-safe.
 */
final class LocalStoreFile implements StoreFile {
    private final CheckedChannel channel;
    private final boolean writable;
    private final Supplier<IoMode> mode;
    /** Looking at the mounted file systems takes longer than mapping, so it is done once. */
    private volatile @Nullable IoMode knownMode;

    /** Changes share it, close owns it. */
    private final ReentrantReadWriteLock changes = new ReentrantReadWriteLock();

    private volatile boolean closed;

    /**
     * Wraps an open channel, which this object owns.
     *
     * @param mode asked once, for the first region; {@link IoMode#MMAP} or {@link IoMode#CHANNEL}
     */
    LocalStoreFile(CheckedChannel channel, boolean writable, Supplier<IoMode> mode) {
        this.channel = channel;
        this.writable = writable;
        this.mode = mode;
    }

    @Override
    public Path path() {
        return channel.path();
    }

    @Override
    public long sizeBytes() {
        requireOpen();
        return channel.sizeBytes();
    }

    @Override
    public int read(ByteBuffer target, long position) {
        requireOpen();
        return channel.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) {
        change(true, () -> channel.write(source, position));
    }

    @Override
    public void truncate(long sizeBytes) {
        change(true, () -> channel.truncate(sizeBytes));
    }

    @Override
    public void force() {
        change(false, channel::force);
    }

    private void change(boolean needsWrite, Runnable operation) {
        changes.readLock().lock();
        try {
            requireOpen();
            if (needsWrite) {
                requireWritable();
            }
            operation.run();
        } finally {
            changes.readLock().unlock();
        }
    }

    @Override
    public MappedRegion map(long position, long sizeBytes) {
        requireOpen();
        requireWritable();
        RegionChecks.requireMappable(path(), position, sizeBytes, channel.sizeBytes());
        if (modeOnce() == IoMode.CHANNEL) {
            throw new UnsupportedOperationException("File " + path() + " is in channel mode: write it by position");
        }
        return mapped(MapMode.READ_WRITE, position, sizeBytes);
    }

    @Override
    public MappedRegion mapReadOnly(long position, long sizeBytes) {
        requireOpen();
        RegionChecks.requireMappable(path(), position, sizeBytes, channel.sizeBytes());
        return modeOnce() == IoMode.CHANNEL
                ? ChannelRegion.open(channel, position, (int) sizeBytes)
                : mapped(MapMode.READ_ONLY, position, sizeBytes);
    }

    private MappedRegion mapped(MapMode access, long position, long sizeBytes) {
        return new MmapRegion(path(), position, channel.map(access, position, sizeBytes));
    }

    private IoMode modeOnce() {
        IoMode known = knownMode;
        if (known == null) {
            known = mode.get();
            knownMode = known;
        }
        return known;
    }

    @Override
    public void close() {
        changes.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                channel.close();
            }
        } finally {
            changes.writeLock().unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new ClosedException("File " + path() + " is closed");
        }
    }

    private void requireWritable() {
        if (!writable) {
            throw new IllegalStateException("File " + path() + " was opened for reading only");
        }
    }

    @Override
    public String toString() {
        return "file " + path();
    }
}
