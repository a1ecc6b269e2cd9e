package io.firn.fs;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file store whose reads and writes take their bytes from a {@link RateLimiter}, in the calling thread. Bytes of
 * mapped files are not counted: the lifecycle writes by position. Thread-safe.
 */
public final class ThrottledFileStore implements FileStore {
    private final FileStore store;
    private final RateLimiter limiter;

    /** Slows a store down. */
    public ThrottledFileStore(FileStore store, RateLimiter limiter) {
        this.store = store;
        this.limiter = limiter;
    }

    @Override
    public StoreFile openRead(Path path) {
        return new ThrottledFile(store.openRead(path));
    }

    @Override
    public StoreFile openWrite(Path path) {
        return new ThrottledFile(store.openWrite(path));
    }

    @Override
    public Optional<StoreFile> createExclusively(Path path) {
        return store.createExclusively(path).map(ThrottledFile::new);
    }

    @Override
    public boolean createDirectory(Path directory) {
        return store.createDirectory(directory);
    }

    @Override
    public void forceDirectory(Path directory) {
        store.forceDirectory(directory);
    }

    @Override
    public void rename(Path from, Path to) {
        store.rename(from, to);
    }

    @Override
    public boolean delete(Path path) {
        return store.delete(path);
    }

    @Override
    public boolean exists(Path path) {
        return store.exists(path);
    }

    @Override
    public boolean isDirectory(Path path) {
        return store.isDirectory(path);
    }

    @Override
    public List<String> list(Path directory) {
        return store.list(directory);
    }

    @Override
    public FileInfo info(Path path) {
        return store.info(path);
    }

    @Override
    public long usableBytes(Path path) {
        return store.usableBytes(path);
    }

    @Override
    public Optional<String> networkFileSystem(Path path) {
        return store.networkFileSystem(path);
    }

    @Override
    public IoMode modeFor(Path existing) {
        return store.modeFor(existing);
    }

    @Override
    public Optional<PoliteLock> tryLock(Path lockFile) {
        return store.tryLock(lockFile);
    }

    private final class ThrottledFile implements StoreFile {
        private final StoreFile file;

        private ThrottledFile(StoreFile file) {
            this.file = file;
        }

        @Override
        public Path path() {
            return file.path();
        }

        @Override
        public long sizeBytes() {
            return file.sizeBytes();
        }

        @Override
        public int read(ByteBuffer target, long position) {
            int count = file.read(target, position);
            limiter.take(count);
            return count;
        }

        @Override
        public void write(ByteBuffer source, long position) {
            int count = source.remaining();
            file.write(source, position);
            limiter.take(count);
        }

        @Override
        public void truncate(long sizeBytes) {
            file.truncate(sizeBytes);
        }

        @Override
        public void force() {
            file.force();
        }

        @Override
        public MappedRegion map(long position, long sizeBytes) {
            return file.map(position, sizeBytes);
        }

        @Override
        public MappedRegion mapReadOnly(long position, long sizeBytes) {
            return file.mapReadOnly(position, sizeBytes);
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
