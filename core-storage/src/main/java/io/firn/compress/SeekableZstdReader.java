package io.firn.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.firn.error.CorruptDataException;
import io.firn.fs.PooledBuffer;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;

/**
 * Reads a seekable zstd file: opening reads and checks the tail, blocks are read one at a time.
 *
 * <p>Compressed bytes are always copied by a positioned read before zstd sees them: a mapping that somebody truncates
 * would kill the process in native code. Every malformed byte is a {@link CorruptDataException} with file and offset.
 * The caller owns the file. Thread-safe.
 *
 * @see SeekableZstdWriter
 */
public final class SeekableZstdReader {
    private final StoreFile file;
    private final ZstdCodecs codecs;
    private final TailReader.Tail tail;
    private final LongAdder blocksDecompressed = new LongAdder();

    private SeekableZstdReader(StoreFile file, ZstdCodecs codecs, TailReader.Tail tail) {
        this.file = file;
        this.codecs = codecs;
        this.tail = tail;
    }

    /**
     * Reads the tail, with one read of 64 KiB unless it is longer.
     *
     * @param file the file
     * @param fileSizeBytes its size, known from a catalog or asked for
     * @param codecs contexts and buffers
     * @throws CorruptDataException when the tail is damaged or does not fit the file's size
     */
    public static SeekableZstdReader open(StoreFile file, long fileSizeBytes, ZstdCodecs codecs) {
        ZstdLibrary.ensureLoaded();
        return new SeekableZstdReader(file, codecs, new TailReader(file, codecs, fileSizeBytes).read());
    }

    /** The bytes that the writer gave to {@link SeekableZstdWriter#finish}: a fresh read-only little-endian view. */
    public ByteBuffer payload() {
        return tail.payload().duplicate().order(tail.payload().order());
    }

    /** Where the payload starts in the file, for messages. */
    public long payloadOffset() {
        return tail.table().compressedBytes() + SeekableFormat.SKIPPABLE_HEADER_BYTES;
    }

    /** CRC-32C of the tail (index and seek table with the checksums of all blocks): identifies the file's content. */
    public int tailCrc() {
        return tail.crc();
    }

    /** Number of blocks. */
    public int blockCount() {
        return tail.table().blockCount();
    }

    /** Raw bytes of a block. */
    public int rawBytes(int block) {
        return tail.table().rawBytes(block);
    }

    /** Raw bytes before a block; {@code block == blockCount()} gives those of all blocks. */
    public long rawOffset(int block) {
        return tail.table().rawOffset(block);
    }

    /** Offset of a block's zstd frame in the file. */
    public long fileOffset(int block) {
        return tail.table().fileOffset(block);
    }

    /** Compressed bytes of a block. */
    public int compressedBytes(int block) {
        return tail.table().compressedBytes(block);
    }

    /** Blocks that this reader has decompressed so far. */
    public long blocksDecompressed() {
        return blocksDecompressed.sum();
    }

    /**
     * Reads and decompresses a block.
     *
     * @param block its number, 0 to {@link #blockCount} - 1
     * @return a buffer of exactly the block's raw bytes, with one reference that the caller closes
     * @throws CorruptDataException when the block is damaged
     */
    public PooledBuffer readBlock(int block) {
        try (PooledBuffer compressed = readCompressed(block)) {
            return decompress(block, compressed);
        }
    }

    /**
     * Reads a block as it is stored, without a check.
     *
     * @return a buffer of exactly the block's compressed bytes, with one reference that the caller closes
     * @throws CorruptDataException when the file ends before
     */
    public PooledBuffer readCompressed(int block) {
        int expected = compressedBytes(block);
        PooledBuffer compressed = codecs.buffers().take(expected);
        boolean complete = false;
        try {
            int read = file.read(compressed.bytes().duplicate(), fileOffset(block));
            if (read < expected) {
                throw corrupt(
                        block, read, "the file ends in block " + block + ", of which " + expected + " are listed");
            }
            complete = true;
            return compressed;
        } finally {
            if (!complete) {
                compressed.close();
            }
        }
    }

    /**
     * Checks and decompresses a block that was read before, here or from a copy of it that somebody has kept.
     *
     * @param compressed what {@link #readCompressed} gave; it is not closed
     * @return as {@link #readBlock}
     * @throws CorruptDataException when the bytes are not those of the block
     */
    public PooledBuffer decompress(int block, PooledBuffer compressed) {
        checkFrame(block, compressed.bytes());
        return decompressChecked(block, compressed.bytes());
    }

    /**
     * The same for a block whose content has a checksum of its own, which the caller compares: zstd does not compute
     * another one over it.
     *
     * @param compressed as for {@link #decompress}
     */
    public PooledBuffer decompressUnchecked(int block, PooledBuffer compressed) {
        checkFrame(block, compressed.bytes());
        // What was given may be shared, so a copy becomes a frame without a checksum.
        int frameBytes = compressedBytes(block) - SeekableFormat.CONTENT_CHECKSUM_BYTES;
        try (PooledBuffer copy = codecs.buffers().take(frameBytes)) {
            ByteBuffer frame = copy.bytes().put(0, compressed.bytes(), 0, frameBytes);
            byte descriptor = frame.get(SeekableFormat.DESCRIPTOR_INDEX);
            frame.put(SeekableFormat.DESCRIPTOR_INDEX, (byte) (descriptor & ~SeekableFormat.DESCRIPTOR_CHECKSUM));
            return decompressChecked(block, frame);
        }
    }

    private PooledBuffer decompressChecked(int block, ByteBuffer frame) {
        PooledBuffer raw = codecs.buffers().take(rawBytes(block));
        boolean complete = false;
        try {
            decompress(block, frame, raw.bytes());
            complete = true;
            return raw;
        } finally {
            if (!complete) {
                raw.close();
            }
        }
    }

    /** Checks that the bytes are one frame of the listed sizes and checksum, before decompressing. */
    private void checkFrame(int block, ByteBuffer target) {
        int expected = compressedBytes(block);
        if (target.capacity() != expected) {
            throw corrupt(block, 0, "block " + block + " has " + expected + " bytes, not " + target.capacity());
        }
        int crc = SeekableZstdWriter.crc(target, 0, expected);
        if (crc != tail.table().frameCrc(block)) {
            throw corrupt(
                    block,
                    0,
                    "block " + block + " has CRC 0x" + Integer.toHexString(crc) + ", the index says 0x"
                            + Integer.toHexString(tail.table().frameCrc(block)));
        }
        int checksumIndex = expected - SeekableFormat.CONTENT_CHECKSUM_BYTES;
        if (target.getInt(checksumIndex) != tail.table().checksum(block)) {
            throw corrupt(block, checksumIndex, "block " + block + " does not end with the checksum of the seek table");
        }
        long contentBytes = Zstd.getDirectByteBufferFrameContentSize(target, 0, expected);
        if (contentBytes != rawBytes(block)) {
            throw corrupt(
                    block,
                    0,
                    "the frame of block " + block + " says " + contentBytes + " raw bytes, the seek table "
                            + rawBytes(block));
        }
        long frameBytes = Zstd.findFrameCompressedSize(target);
        if (frameBytes != expected) {
            throw corrupt(block, 0, "block " + block + " is not one zstd frame of " + expected + " bytes");
        }
    }

    private void decompress(int block, ByteBuffer compressed, ByteBuffer raw) {
        int expected = rawBytes(block);
        int written;
        try {
            written = codecs.decompress(compressed, compressed.capacity(), raw, expected);
        } catch (ZstdException e) {
            throw corrupt(block, 0, "zstd refuses block " + block + ": " + e.getMessage());
        }
        blocksDecompressed.increment();
        if (written != expected) {
            throw corrupt(
                    block, 0, "block " + block + " has " + written + " raw bytes, the seek table says " + expected);
        }
    }

    private CorruptDataException corrupt(int block, int offsetInBlock, String reason) {
        return new CorruptDataException(file.path(), fileOffset(block) + offsetInBlock, reason);
    }
}
