package io.firn.fs;

import io.firn.error.FirnException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A region that is a private copy of a part of its file, written back by {@link #flush} and {@link #force}.
 *
 * <p>It keeps the file's channel open. Thread-safe as {@link MappedRegion} says; flushes may run from any thread.
 */
final class ChannelRegion implements MappedRegion {
    private final SharedChannel channel;
    private final long fileOffset;
    private final ByteBuffer memory;
    private final ByteBuffer view;
    private final References references = new References();

    private ChannelRegion(SharedChannel channel, long fileOffset, ByteBuffer memory, boolean readOnly) {
        this.channel = channel;
        this.fileOffset = fileOffset;
        this.memory = memory;
        ByteBuffer all = readOnly ? memory.asReadOnlyBuffer() : memory;
        this.view = all.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Copies a part of the file; the region owns one more reference of the channel. */
    static ChannelRegion open(SharedChannel channel, long position, int sizeBytes, boolean readOnly) {
        ByteBuffer memory = ByteBuffer.allocateDirect(sizeBytes);
        channel.retain();
        try {
            channel.read(memory, position);
            memory.clear();
            return new ChannelRegion(channel, position, memory, readOnly);
        } catch (FirnException e) {
            Unmapper.release(memory);
            channel.close();
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
        writeBack(from, to, true);
    }

    @Override
    public void flush(int from, int to) {
        writeBack(from, to, false);
    }

    private void writeBack(int from, int to, boolean durable) {
        RegionChecks.requireRange(from, to, memory.capacity());
        references.retainOrThrow(this);
        try {
            if (from == to || view.isReadOnly()) {
                return;
            }
            channel.write(memory.duplicate().limit(to).position(from), fileOffset + from);
            if (durable) {
                channel.force();
            }
        } finally {
            close();
        }
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
            channel.close();
        }
    }

    @Override
    public String toString() {
        return "buffered region of " + channel.path() + " at offset " + fileOffset;
    }
}
