package io.firn.testing;

import io.firn.error.StorageFullException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A store that fails on demand: {@link #inject} for single calls, {@link #limitSpace} for a disk that fills up.
 *
 * <p>An injected fault leaves no trace of the call. A full disk takes the part of a write that fits, as real ones do.
 * Thread-safe.
 */
public final class FaultyFileStore extends ForwardingFileStore {
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final CopyOnWriteArrayList<Fault> faults = new CopyOnWriteArrayList<>();
    private final Map<Path, AllocatedBytes> allocated = new HashMap<>();
    private final AtomicLong freeBytes = new AtomicLong(UNLIMITED);

    /** Wraps a store; nothing fails yet. */
    public FaultyFileStore(FileStore delegate) {
        super(delegate);
    }

    /** Adds a fault. Returns it, to ask whether it has happened. */
    public Fault inject(Fault fault) {
        faults.add(fault);
        return fault;
    }

    /** Removes all faults and limits. */
    public void heal() {
        faults.clear();
        freeBytes.set(UNLIMITED);
    }

    /** From now on files may grow by this many bytes in total; after that the disk is full. */
    public void limitSpace(long bytes) {
        freeBytes.set(bytes);
    }

    @Override
    public long usableBytes(Path path) {
        long usable = super.usableBytes(path);
        return Math.min(usable, freeBytes.get());
    }

    @Override
    protected void before(StoreCall call) {
        for (Fault fault : faults) {
            fault.check(call);
        }
        if (call.operation() == StoreOperation.CREATE || call.operation() == StoreOperation.DELETE) {
            synchronized (allocated) {
                allocated.remove(call.path());
            }
        }
        boolean makesEntry =
                call.operation() == StoreOperation.CREATE || call.operation() == StoreOperation.CREATE_DIRECTORY;
        if (makesEntry && freeBytes.get() == 0) {
            throw full(call.path());
        }
    }

    /** Writes what there is space for; holes of a file take none before they are written. */
    @Override
    protected void write(StoreFile file, ByteBuffer source, long position) {
        synchronized (allocated) {
            long size = file.sizeBytes();
            AllocatedBytes known = allocated.computeIfAbsent(file.path(), path -> new AllocatedBytes(size));
            known.cut(size);
            long end = position + source.remaining();
            long missing = known.missing(position, end);
            long granted = take(missing);
            long reach = granted == missing ? end : known.reach(position, end, granted);
            file.write(source.duplicate().limit(source.position() + (int) (reach - position)), position);
            known.add(position, reach);
            if (reach < end) {
                throw full(file.path());
            }
        }
    }

    private long take(long wantedBytes) {
        if (freeBytes.get() == UNLIMITED) {
            return wantedBytes;
        }
        long before = freeBytes.getAndUpdate(free -> free - Math.min(free, wantedBytes));
        return Math.min(before, wantedBytes);
    }

    private static StorageFullException full(Path path) {
        return new StorageFullException("write", path, new IOException("No space left on device (simulated)"));
    }
}
