package io.firn.testing;

import io.firn.fs.MappedRegion;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Supplier;

/** A region of a {@link ForwardingFileStore}; {@link #buffer} allocates nothing. Thread-safe as a region is. */
final class ForwardingRegion implements MappedRegion {
    private final ForwardingFileStore store;
    private final Path path;
    private final MappedRegion delegate;
    private final StoreCall bufferCall;
    private final Supplier<ByteBuffer> bufferOperation;

    ForwardingRegion(ForwardingFileStore store, Path path, MappedRegion delegate) {
        this.store = store;
        this.path = path;
        this.delegate = delegate;
        this.bufferCall = StoreCall.of(StoreOperation.BUFFER, path);
        this.bufferOperation = delegate::buffer;
    }

    @Override
    public ByteBuffer buffer() {
        return store.call(bufferCall, bufferOperation);
    }

    @Override
    public long fileOffset() {
        return delegate.fileOffset();
    }

    @Override
    public void force(int from, int to) {
        store.run(StoreCall.of(StoreOperation.FORCE_REGION, path, to - from), () -> delegate.force(from, to));
    }

    @Override
    public boolean isShared() {
        return delegate.isShared();
    }

    @Override
    public boolean retain() {
        return delegate.retain();
    }

    @Override
    public void close() {
        delegate.close();
    }
}
