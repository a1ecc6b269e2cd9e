package io.firn.testing;

import io.firn.fs.MappedRegion;
import io.firn.fs.RegionChecks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * The content of one file in memory: reads, writes and all its regions share the same bytes.
 *
 * <p>The first region moves the content into an arena of direct memory with room to grow. It can grow beyond that only
 * while no region is open, because an open region cannot move. Thread-safe.
 */
final class MemoryFile {
    private static final byte[] NOTHING = {};

    private final int arenaBytes;
    private ByteBuffer content = ByteBuffer.wrap(NOTHING);
    private int sizeBytes;
    private int openRegions;
    private long modifiedMs;

    /** Creates an empty file; {@code arenaBytes} is the room of a mapped file. */
    MemoryFile(int arenaBytes, long modifiedMs) {
        this.arenaBytes = arenaBytes;
        this.modifiedMs = modifiedMs;
    }

    synchronized long sizeBytes() {
        return sizeBytes;
    }

    synchronized long modifiedMs() {
        return modifiedMs;
    }

    /** A file with content. */
    static MemoryFile of(byte[] bytes, int arenaBytes, long modifiedMs) {
        MemoryFile file = new MemoryFile(arenaBytes, modifiedMs);
        file.write(ByteBuffer.wrap(bytes), 0, modifiedMs);
        return file;
    }

    /** All bytes, copied. */
    synchronized byte[] bytes() {
        byte[] copy = new byte[sizeBytes];
        content.get(0, copy);
        return copy;
    }

    /** Copies the bytes {@code [from, to)} that exist here and in the target to the same places of the target. */
    synchronized void copyTo(byte[] target, int from, int to) {
        int end = Math.min(Math.min(to, target.length), sizeBytes);
        if (from < end) {
            content.get(from, target, from, end - from);
        }
    }

    synchronized int read(ByteBuffer target, long position) {
        requirePosition(position);
        int count = (int) Math.min(target.remaining(), Math.max(0, sizeBytes - position));
        if (count > 0) {
            target.put(content.duplicate().limit((int) position + count).position((int) position));
        }
        return count;
    }

    synchronized void write(ByteBuffer source, long position, long nowMs) {
        requirePosition(position);
        int end = Math.toIntExact(position + source.remaining());
        if (source.hasRemaining()) {
            ensureCapacity(end);
            sizeBytes = Math.max(sizeBytes, end);
            content.duplicate().position((int) position).put(source);
        }
        modifiedMs = nowMs;
    }

    synchronized void truncate(long newSizeBytes, long nowMs) {
        requirePosition(newSizeBytes);
        if (newSizeBytes < sizeBytes) {
            for (int i = (int) newSizeBytes; i < sizeBytes; i++) {
                content.put(i, (byte) 0);
            }
            sizeBytes = (int) newSizeBytes;
        }
        modifiedMs = nowMs;
    }

    synchronized MappedRegion map(
            Path path, long position, long regionBytes, boolean readOnly, MemoryRegion.Forced forced) {
        RegionChecks.requireMappable(path, position, regionBytes, sizeBytes);
        moveToArena(sizeBytes);
        openRegions++;
        ByteBuffer slice = content.slice((int) position, (int) regionBytes);
        ByteBuffer view = readOnly ? slice.asReadOnlyBuffer() : slice;
        return new MemoryRegion(path, position, view.order(ByteOrder.LITTLE_ENDIAN), forced, this::regionClosed);
    }

    private synchronized void regionClosed() {
        openRegions--;
    }

    private void ensureCapacity(int needed) {
        if (needed <= content.capacity()) {
            return;
        }
        if (content.isDirect()) {
            moveToArena(needed);
        } else {
            replace(ByteBuffer.wrap(new byte[roundUp(needed, 256)]));
        }
    }

    private void moveToArena(int needed) {
        if (content.isDirect() && needed <= content.capacity()) {
            return;
        }
        if (openRegions > 0) {
            throw new IllegalStateException("A file in memory cannot grow to " + needed + " bytes: it has "
                    + openRegions + " open regions and an arena of " + content.capacity()
                    + " bytes; create the store with a larger arena");
        }
        replace(ByteBuffer.allocateDirect(roundUp(needed, arenaBytes)));
    }

    private void replace(ByteBuffer larger) {
        larger.put(0, content, 0, sizeBytes);
        content = larger;
    }

    private static int roundUp(int needed, int minimum) {
        long doubled = Math.max(minimum, Long.highestOneBit(Math.max(1, needed - 1L)) << 1);
        return (int) Math.min(Integer.MAX_VALUE - 8, doubled);
    }

    private static void requirePosition(long position) {
        if (position < 0) {
            throw new IllegalArgumentException("Negative position or size: " + position);
        }
    }
}
