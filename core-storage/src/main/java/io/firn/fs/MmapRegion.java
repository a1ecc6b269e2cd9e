package io.firn.fs;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;

/** A region that is the page cache of its file. Thread-safe as {@link MappedRegion} says. */
final class MmapRegion implements MappedRegion {
    private final Path path;
    private final long fileOffset;
    private final MappedByteBuffer mapped;
    private final References references = new References();

    MmapRegion(Path path, long fileOffset, MappedByteBuffer mapped) {
        this.path = path;
        this.fileOffset = fileOffset;
        this.mapped = mapped;
        mapped.order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public ByteBuffer buffer() {
        references.requireOpen(this);
        return mapped;
    }

    @Override
    public long fileOffset() {
        return fileOffset;
    }

    @Override
    public void force(int from, int to) {
        RegionChecks.requireRange(from, to, mapped.capacity());
        references.retainOrThrow(this);
        try {
            if (from < to) {
                mapped.force(from, to - from);
            }
        } catch (UncheckedIOException e) {
            throw IoErrors.translateCause("force", path, e);
        } finally {
            close();
        }
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public boolean retain() {
        return references.retain();
    }

    @Override
    public void close() {
        if (references.release()) {
            Unmapper.release(mapped);
        }
    }

    @Override
    public String toString() {
        return "mapped region of " + path + " at offset " + fileOffset;
    }
}
