package io.firn.compress;

import io.firn.error.ClosedException;
import io.firn.error.InvalidRecordException;
import io.firn.fs.PooledBuffer;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes a seekable zstd file: independent frames, one per block, then a tail of a payload frame and the seek table.
 *
 * <p>The caller decides where blocks end. Nothing is durable when {@link #finish} returns; the caller forces the file,
 * and it owns the file. Confined to one thread.
 *
 * @see SeekableZstdReader
 */
public final class SeekableZstdWriter implements AutoCloseable {
    /** Bytes that are written at once: the page cache takes large writes with less work. */
    private static final int BATCH_BYTES = 4 << 20;

    private final StoreFile file;
    private final ZstdCodecs codecs;
    private final int level;
    private final SeekTable.Builder table = new SeekTable.Builder();
    private @Nullable PooledBuffer pending;
    private int pendingBytes;
    private boolean finished;

    private SeekableZstdWriter(StoreFile file, ZstdCodecs codecs, int level) {
        this.file = file;
        this.codecs = codecs;
        this.level = level;
    }

    /**
     * Starts a file.
     *
     * @param file an empty file
     * @param codecs contexts and buffers
     * @param level compression level, 1 to 22
     */
    public static SeekableZstdWriter create(StoreFile file, ZstdCodecs codecs, int level) {
        return new SeekableZstdWriter(file, codecs, ZstdCodecs.checkLevel(level));
    }

    /**
     * Compresses a block; it is written with others, at the latest by {@link #finish}.
     *
     * @param raw a direct buffer whose remaining bytes (1 byte to 1 GiB) are the block; its position does not move
     * @return the compressed size in bytes
     */
    public int writeBlock(ByteBuffer raw) {
        checkBlock(raw.remaining());
        PooledBuffer room = roomFor(Math.toIntExact(SeekableFormat.compressBound(raw.remaining())));
        int compressedBytes = codecs.compress(raw, room.bytes(), pendingBytes, level);
        add(room.bytes(), compressedBytes, raw.remaining());
        return compressedBytes;
    }

    /**
     * Compresses several forms of the same block and keeps the smallest, of equal ones the first.
     *
     * @param forms direct buffers as in {@link #writeBlock}, at least one
     * @return the compressed size of each form in bytes
     */
    public int[] writeSmallest(List<ByteBuffer> forms) {
        int[] sizes = new int[forms.size()];
        PooledBuffer best = null;
        int smallest = 0;
        try {
            for (int i = 0; i < sizes.length; i++) {
                PooledBuffer compressed = compress(forms.get(i));
                sizes[i] = compressed.bytes().limit();
                boolean better = best == null || sizes[i] < sizes[smallest];
                PooledBuffer worse = better ? best : compressed;
                best = better ? compressed : best;
                smallest = better ? i : smallest;
                if (worse != null) {
                    worse.close();
                }
            }
            if (best == null) {
                throw new IllegalArgumentException("no form of block " + table.count());
            }
            PooledBuffer room = roomFor(sizes[smallest]);
            room.bytes().put(pendingBytes, best.bytes(), 0, sizes[smallest]);
            add(room.bytes(), sizes[smallest], forms.get(smallest).remaining());
            return sizes;
        } finally {
            if (best != null) {
                best.close();
            }
        }
    }

    /** Compresses into a buffer whose limit is then the compressed size; the caller closes it. */
    private PooledBuffer compress(ByteBuffer raw) {
        checkBlock(raw.remaining());
        PooledBuffer target = codecs.buffers().take(Math.toIntExact(SeekableFormat.compressBound(raw.remaining())));
        boolean complete = false;
        try {
            target.bytes().limit(codecs.compress(raw, target.bytes(), 0, level));
            complete = true;
            return target;
        } finally {
            if (!complete) {
                target.close();
            }
        }
    }

    private void checkBlock(int rawBytes) {
        checkOpen();
        if (rawBytes == 0 || rawBytes > SeekableFormat.MAX_BLOCK_BYTES || table.count() == SeekableFormat.MAX_BLOCKS) {
            throw new InvalidRecordException("Block " + table.count() + " of " + rawBytes + " bytes for " + file.path()
                    + " is not possible: a block holds 1 to " + SeekableFormat.MAX_BLOCK_BYTES
                    + " bytes, a file at most "
                    + SeekableFormat.MAX_BLOCKS + " blocks. A record larger than that stays in its hot segment.");
        }
    }

    /** Enters the frame that stands behind the pending ones. */
    private void add(ByteBuffer pendingFrames, int compressedBytes, int rawBytes) {
        int checksum = pendingFrames.getInt(pendingBytes + compressedBytes - SeekableFormat.CONTENT_CHECKSUM_BYTES);
        table.add(compressedBytes, rawBytes, checksum, crc(pendingFrames, pendingBytes, compressedBytes));
        pendingBytes += compressedBytes;
    }

    /** The buffer with that much room behind the frames that are not written yet. */
    private PooledBuffer roomFor(int bytes) {
        PooledBuffer buffer = pending;
        if (buffer != null && buffer.bytes().capacity() - pendingBytes >= bytes) {
            return buffer;
        }
        flush();
        if (buffer == null || buffer.bytes().capacity() < bytes) {
            close();
            buffer = codecs.buffers().take(Math.max(bytes, BATCH_BYTES));
            pending = buffer;
        }
        return buffer;
    }

    private void flush() {
        if (pending != null && pendingBytes > 0) {
            file.write(pending.bytes().clear().limit(pendingBytes), table.compressedBytes() - pendingBytes);
            pending.bytes().clear();
            pendingBytes = 0;
        }
    }

    /** Number of blocks so far. */
    public int blockCount() {
        return table.count();
    }

    /** Raw bytes of the blocks so far. */
    public long rawBytes() {
        return table.rawBytes();
    }

    /**
     * Writes the tail; afterwards no block can be written.
     *
     * @param payload its remaining bytes (at most 512 MiB) are what {@link SeekableZstdReader#payload} gives back
     * @return the size of the file in bytes
     */
    public long finish(ByteBuffer payload) {
        checkOpen();
        int payloadBytes = payload.remaining();
        if (payloadBytes > SeekableFormat.MAX_PAYLOAD_BYTES) {
            throw new InvalidRecordException("The index of " + file.path() + " has " + payloadBytes + " bytes; at most "
                    + SeekableFormat.MAX_PAYLOAD_BYTES + " are possible");
        }
        flush();
        SeekTable entries = table.build();
        int payloadFrameBytes = Math.toIntExact(SeekableFormat.payloadFrameBytes(payloadBytes, entries.blockCount()));
        int tailBytes = Math.toIntExact(payloadFrameBytes + SeekableFormat.tableBytes(entries.blockCount() + 1L));
        try (PooledBuffer tail = codecs.buffers().take(tailBytes)) {
            ByteBuffer bytes = tail.bytes();
            bytes.putInt(SeekableFormat.PAYLOAD_MAGIC);
            bytes.putInt(payloadFrameBytes - SeekableFormat.SKIPPABLE_HEADER_BYTES);
            bytes.put(payload.duplicate());
            entries.writeFrameCrcs(bytes);
            int crcIndex = bytes.position();
            bytes.putInt(0);
            entries.writeFrame(bytes, payloadFrameBytes);
            bytes.putInt(crcIndex, tailCrc(bytes, crcIndex, tailBytes));
            file.write(bytes.flip(), entries.compressedBytes());
        }
        finished = true;
        close();
        return entries.compressedBytes() + tailBytes;
    }

    /** Gives the buffer back; without {@link #finish} the file is worth nothing. Idempotent. */
    @Override
    public void close() {
        if (pending != null) {
            pending.close();
            pending = null;
            pendingBytes = 0;
        }
    }

    /** CRC-32C of a tail: everything before its CRC word, then everything after it. */
    static int tailCrc(ByteBuffer tail, int crcIndex, int tailBytes) {
        CRC32C crc = new CRC32C();
        crc.update(tail.slice(0, crcIndex));
        int after = crcIndex + SeekableFormat.TAIL_CRC_BYTES;
        crc.update(tail.slice(after, tailBytes - after));
        return (int) crc.getValue();
    }

    /** CRC-32C of a range of a buffer. */
    static int crc(ByteBuffer buffer, int index, int bytes) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(index, bytes));
        return (int) crc.getValue();
    }

    private void checkOpen() {
        if (finished) {
            throw new ClosedException("The compressed file " + file.path() + " is already finished");
        }
    }
}
