package io.firn.testing;

import io.firn.fs.MappedRegion;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file of a {@link ForwardingFileStore}. Thread-safe. */
final class ForwardingStoreFile implements StoreFile {
    private final ForwardingFileStore store;
    private final StoreFile delegate;

    ForwardingStoreFile(ForwardingFileStore store, StoreFile delegate) {
        this.store = store;
        this.delegate = delegate;
    }

    @Override
    public Path path() {
        return delegate.path();
    }

    @Override
    public long sizeBytes() {
        return store.call(StoreCall.of(StoreOperation.SIZE, path()), delegate::sizeBytes);
    }

    @Override
    public int read(ByteBuffer target, long position) {
        return store.call(StoreCall.of(StoreOperation.READ, path()), () -> delegate.read(target, position));
    }

    @Override
    public void write(ByteBuffer source, long position) {
        StoreCall call = StoreCall.of(StoreOperation.WRITE, path(), source.remaining());
        store.run(call, () -> store.writeThrough(delegate, source, position));
        source.position(source.limit());
    }

    @Override
    public void truncate(long sizeBytes) {
        store.run(StoreCall.of(StoreOperation.TRUNCATE, path()), () -> delegate.truncate(sizeBytes));
    }

    @Override
    public void force() {
        store.run(StoreCall.of(StoreOperation.FORCE, path()), delegate::force);
    }

    @Override
    public MappedRegion map(long position, long sizeBytes) {
        return store.call(
                StoreCall.of(StoreOperation.MAP, path()),
                () -> new ForwardingRegion(store, path(), delegate.map(position, sizeBytes)));
    }

    @Override
    public MappedRegion mapReadOnly(long position, long sizeBytes) {
        return store.call(
                StoreCall.of(StoreOperation.MAP, path()),
                () -> new ForwardingRegion(store, path(), delegate.mapReadOnly(position, sizeBytes)));
    }

    @Override
    public void close() {
        delegate.close();
    }
}
