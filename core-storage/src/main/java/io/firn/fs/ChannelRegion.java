package io.firn.fs;

import io.firn.error.FirnException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A region that is a private, read-only copy of a part of its file. Thread-safe as {@link MappedRegion} says. */
final class ChannelRegion implements MappedRegion {
    private final String description;
    private final long fileOffset;
    private final ByteBuffer memory;
    private final ByteBuffer view;
    private final References references = new References();

    private ChannelRegion(String description, long fileOffset, ByteBuffer memory) {
        this.description = description;
        this.fileOffset = fileOffset;
        this.memory = memory;
        this.view = memory.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Copies a part of the file. */
    static ChannelRegion open(CheckedChannel channel, long position, int sizeBytes) {
        ByteBuffer memory = ByteBuffer.allocateDirect(sizeBytes);
        try {
            channel.read(memory, position);
            memory.clear();
            return new ChannelRegion(
                    "copy of region at offset " + position + " of " + channel.path(), position, memory);
        } catch (FirnException e) {
            Unmapper.release(memory);
            throw e;
        }
    }

    @Override
    public ByteBuffer buffer() {
        references.requireOpen(this);
        return view;
    }

    @Override
    public long fileOffset() {
        return fileOffset;
    }

    @Override
    public void force(int from, int to) {
        RegionChecks.requireRange(from, to, memory.capacity());
        references.requireOpen(this);
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public boolean retain() {
        return references.retain();
    }

    @Override
    public void close() {
        if (references.release()) {
            Unmapper.release(memory);
        }
    }

    @Override
    public String toString() {
        return description;
    }
}
