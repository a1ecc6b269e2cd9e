package io.firn.compress;

import io.firn.error.CorruptDataException;
import io.firn.fs.PooledBuffer;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads and checks the tail of a seekable zstd file: every length is checked against the file before anything is
 * allocated, and a CRC covers the whole tail. Confined to one thread.
 */
final class TailReader {
    /** Bytes that the first read asks for; the tail of most files is shorter. */
    static final int FIRST_READ_BYTES = 64 << 10;

    private final StoreFile file;
    private final ZstdCodecs codecs;
    private final long fileBytes;

    TailReader(StoreFile file, ZstdCodecs codecs, long fileBytes) {
        this.file = file;
        this.codecs = codecs;
        this.fileBytes = fileBytes;
    }

    /**
     * What a valid tail says.
     *
     * @param table the blocks
     * @param payload the caller's bytes, read-only, little-endian
     * @param crc the CRC of the tail, which identifies the content of the file
     */
    record Tail(SeekTable table, ByteBuffer payload, int crc) {}

    Tail read() {
        if (fileBytes < SeekableFormat.MIN_FILE_BYTES) {
            throw corrupt(
                    Math.max(0, fileBytes),
                    "the file has " + fileBytes + " bytes, a cold file at least " + SeekableFormat.MIN_FILE_BYTES);
        }
        int firstBytes = (int) Math.min(FIRST_READ_BYTES, fileBytes);
        PooledBuffer buffer = readEnd(firstBytes);
        try {
            int tailBytes = tailBytes(buffer.bytes());
            if (tailBytes > firstBytes) {
                PooledBuffer longer = readEnd(tailBytes);
                buffer.close();
                buffer = longer;
            }
            ByteBuffer bytes = buffer.bytes();
            return parse(
                    bytes.slice(bytes.capacity() - tailBytes, tailBytes).order(ByteOrder.LITTLE_ENDIAN), tailBytes);
        } finally {
            buffer.close();
        }
    }

    private PooledBuffer readEnd(int bytes) {
        PooledBuffer buffer = codecs.buffers().take(bytes);
        boolean complete = false;
        try {
            int read = file.read(buffer.bytes().duplicate(), fileBytes - bytes);
            if (read < bytes) {
                throw corrupt(fileBytes - bytes + read, "the file ends here, expected " + fileBytes + " bytes");
            }
            complete = true;
            return buffer;
        } finally {
            if (!complete) {
                buffer.close();
            }
        }
    }

    /** Checks the footer and the last entry, and says how long payload frame and seek table are together. */
    private int tailBytes(ByteBuffer end) {
        int footer = end.capacity() - SeekableFormat.FOOTER_BYTES;
        long footerOffset = fileBytes - SeekableFormat.FOOTER_BYTES;
        expect(end.getInt(footer + 5), SeekableFormat.SEEKABLE_MAGIC, footerOffset + 5, "seek table magic");
        expect(
                end.get(footer + 4) & 0xFF,
                SeekableFormat.DESCRIPTOR_CHECKSUMS,
                footerOffset + 4,
                "seek table descriptor");
        int entries = end.getInt(footer);
        if (entries < 1 || entries > SeekableFormat.MAX_BLOCKS + 1 || SeekableFormat.tableBytes(entries) > fileBytes) {
            throw corrupt(footerOffset, "the seek table claims " + Integer.toUnsignedString(entries) + " frames");
        }
        long payloadFrameBytes = Integer.toUnsignedLong(end.getInt(footer - SeekableFormat.ENTRY_BYTES));
        long tableBytes = SeekableFormat.tableBytes(entries);
        long least = SeekableFormat.payloadFrameBytes(0, entries - 1L);
        if (payloadFrameBytes < least
                || payloadFrameBytes > least + SeekableFormat.MAX_PAYLOAD_BYTES
                || payloadFrameBytes + tableBytes > Math.min(fileBytes, Integer.MAX_VALUE)) {
            throw corrupt(
                    footerOffset - SeekableFormat.ENTRY_BYTES,
                    "the seek table gives the index frame " + payloadFrameBytes + " bytes");
        }
        return (int) (payloadFrameBytes + tableBytes);
    }

    private Tail parse(ByteBuffer tail, int tailBytes) {
        long tailOffset = fileBytes - tailBytes;
        int entries = tail.getInt(tailBytes - SeekableFormat.FOOTER_BYTES);
        int tableIndex = tailBytes - (int) SeekableFormat.tableBytes(entries);
        expect(tail.getInt(0), SeekableFormat.PAYLOAD_MAGIC, tailOffset, "magic of the index frame");
        expect(
                tail.getInt(4),
                tableIndex - SeekableFormat.SKIPPABLE_HEADER_BYTES,
                tailOffset + 4,
                "size of the index frame");
        expect(tail.getInt(tableIndex), SeekableFormat.SEEK_TABLE_MAGIC, tailOffset + tableIndex, "seek table frame");
        expect(
                tail.getInt(tableIndex + 4),
                tailBytes - tableIndex - SeekableFormat.SKIPPABLE_HEADER_BYTES,
                tailOffset + tableIndex + 4,
                "size of the seek table frame");
        int crcIndex = tableIndex - SeekableFormat.TAIL_CRC_BYTES;
        int crc = tail.getInt(crcIndex);
        expect(
                SeekableZstdWriter.tailCrc(tail, crcIndex, tailBytes),
                crc,
                tailOffset + crcIndex,
                "CRC of index and seek table");
        int firstFrameCrc = crcIndex - (entries - 1) * SeekableFormat.FRAME_CRC_BYTES;
        SeekTable table = readEntries(tail, tableIndex, firstFrameCrc, entries);
        byte[] payload = new byte[firstFrameCrc - SeekableFormat.SKIPPABLE_HEADER_BYTES];
        tail.get(SeekableFormat.SKIPPABLE_HEADER_BYTES, payload);
        ByteBuffer readOnly = ByteBuffer.wrap(payload).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        return new Tail(table, readOnly, crc);
    }

    private SeekTable readEntries(ByteBuffer tail, int tableIndex, int firstFrameCrc, int entries) {
        long tailOffset = fileBytes - tail.capacity();
        SeekTable.Builder table = new SeekTable.Builder();
        int index = tableIndex + SeekableFormat.SKIPPABLE_HEADER_BYTES;
        for (int i = 0; i < entries - 1; i++) {
            int compressed = tail.getInt(index);
            int raw = tail.getInt(index + 4);
            if (raw < 1
                    || raw > SeekableFormat.MAX_BLOCK_BYTES
                    || compressed < SeekableFormat.MIN_FRAME_BYTES
                    || compressed > SeekableFormat.compressBound(raw)) {
                throw corrupt(
                        tailOffset + index,
                        "seek table entry " + i + " claims " + Integer.toUnsignedString(compressed) + " compressed and "
                                + Integer.toUnsignedString(raw) + " raw bytes");
            }
            int frameCrc = tail.getInt(firstFrameCrc + i * SeekableFormat.FRAME_CRC_BYTES);
            table.add(compressed, raw, tail.getInt(index + 8), frameCrc);
            index += SeekableFormat.ENTRY_BYTES;
        }
        expect(tail.getInt(index + 4), 0, tailOffset + index + 4, "content size of the index frame");
        expect(
                tail.getInt(index + 8),
                SeekableFormat.EMPTY_CONTENT_CHECKSUM,
                tailOffset + index + 8,
                "content checksum of the index frame");
        if (table.compressedBytes() != tailOffset) {
            throw corrupt(
                    tailOffset + tableIndex,
                    "the seek table lists " + table.compressedBytes() + " bytes of blocks, the file has " + tailOffset);
        }
        return table.build();
    }

    private void expect(int found, int expected, long offset, String what) {
        if (found != expected) {
            throw corrupt(
                    offset,
                    what + " is 0x" + Integer.toHexString(found) + ", expected 0x" + Integer.toHexString(expected));
        }
    }

    private CorruptDataException corrupt(long offset, String reason) {
        return new CorruptDataException(file.path(), offset, reason);
    }
}
