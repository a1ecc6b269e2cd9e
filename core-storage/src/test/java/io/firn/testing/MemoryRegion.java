package io.firn.testing;

import io.firn.error.ClosedException;
import io.firn.fs.MappedRegion;
import io.firn.fs.RegionChecks;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A region of a {@link MemoryFile}: the bytes of the file itself. Thread-safe. */
final class MemoryRegion implements MappedRegion {
    /** What a force of a region does to the file. */
    interface Forced {
        /** Called with offsets in the file, from inclusive, to exclusive. */
        void force(long from, long to);
    }

    private final Path path;
    private final long fileOffset;
    private final ByteBuffer buffer;
    private final Forced forced;
    private final Runnable onUnmap;
    private final AtomicInteger references = new AtomicInteger(1);

    MemoryRegion(Path path, long fileOffset, ByteBuffer buffer, Forced forced, Runnable onUnmap) {
        this.path = path;
        this.fileOffset = fileOffset;
        this.buffer = buffer;
        this.forced = forced;
        this.onUnmap = onUnmap;
    }

    @Override
    public ByteBuffer buffer() {
        requireMapped();
        return buffer;
    }

    @Override
    public long fileOffset() {
        return fileOffset;
    }

    @Override
    public void force(int from, int to) {
        RegionChecks.requireRange(from, to, buffer.capacity());
        requireMapped();
        if (from < to && !buffer.isReadOnly()) {
            forced.force(fileOffset + from, fileOffset + to);
        }
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public boolean retain() {
        return references.getAndUpdate(count -> count > 0 ? count + 1 : 0) > 0;
    }

    @Override
    public void close() {
        if (references.getAndUpdate(count -> Math.max(0, count - 1)) == 1) {
            onUnmap.run();
        }
    }

    private void requireMapped() {
        if (references.get() == 0) {
            throw new ClosedException("Region of " + path + " at offset " + fileOffset + " is unmapped");
        }
    }
}
