package io.firn.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A block in a {@link LocalLevel}: known from the moment that the policy is asked, readable once its slots are written.
 *
 * <p>The level holds one reference and every reader one; who gives back the last one frees the slots. Thread-safe.
 */
final class LevelEntry {
    private final BlockKey key;
    private final long id;
    private final int sizeBytes;
    private final int crc;
    private final AtomicInteger references = new AtomicInteger(1);
    private final AtomicInteger hits = new AtomicInteger();
    private volatile @Nullable SlotRuns runs;

    LevelEntry(BlockKey key, long id, int sizeBytes, int crc) {
        this.key = key;
        this.id = id;
        this.sizeBytes = sizeBytes;
        this.crc = crc;
    }

    /** The entry of a block whose bytes are these. */
    static LevelEntry of(BlockKey key, long id, ByteBuffer bytes) {
        return new LevelEntry(key, id, bytes.remaining(), checksum(key, bytes));
    }

    /** Whether these bytes are the block's: the checksum binds them to the key. */
    boolean isContent(ByteBuffer bytes) {
        return checksum(key, bytes) == crc;
    }

    private static int checksum(BlockKey key, ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        byte[] identity = key.file().getBytes(StandardCharsets.UTF_8);
        crc.update(ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(identity.length)
                .putInt(key.block())
                .flip());
        crc.update(identity);
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    BlockKey key() {
        return key;
    }

    /** Number of the entry in its level, never used again. */
    long id() {
        return id;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    /** CRC-32C of identity, block and bytes. */
    int crc() {
        return crc;
    }

    /** Slots that the bytes take. */
    int slots() {
        return Math.max(1, (sizeBytes + SlotFiles.SLOT_BYTES - 1) / SlotFiles.SLOT_BYTES);
    }

    /** Where the bytes lie; null until they are written. */
    @Nullable
    SlotRuns runs() {
        return runs;
    }

    /** Makes the entry readable. */
    void publish(SlotRuns written) {
        runs = written;
    }

    /** Counts a hit; true with every n-th. */
    boolean isNthHit(int n) {
        return hits.updateAndGet(count -> count >= n ? 1 : count + 1) == n;
    }

    boolean retain() {
        return references.getAndUpdate(count -> count > 0 ? count + 1 : 0) > 0;
    }

    /** Gives a reference back; true for the last one. */
    boolean release() {
        return references.decrementAndGet() == 0;
    }
}
