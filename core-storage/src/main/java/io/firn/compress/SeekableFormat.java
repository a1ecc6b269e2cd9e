package io.firn.compress;

/**
 * Constants of the container of a cold file: the zstd seekable format with one listed skippable frame.
 *
 * @see <a href="https://github.com/facebook/zstd/blob/dev/contrib/seekable_format/zstd_seekable_compression_format.md">
 *     zstd seekable format</a>; docs/format/cold.md
 */
final class SeekableFormat {
    /** Magic of the skippable frame that carries the caller's tail payload. */
    static final int PAYLOAD_MAGIC = 0x184D2A51;
    /** Magic of the skippable frame that carries the seek table. */
    static final int SEEK_TABLE_MAGIC = 0x184D2A5E;
    /** Last four bytes of the file. */
    static final int SEEKABLE_MAGIC = 0x8F92EAB1;
    /** Bytes of a skippable frame's header: magic and size. */
    static final int SKIPPABLE_HEADER_BYTES = 8;
    /** Bytes of a seek table entry: compressed size, decompressed size, checksum. */
    static final int ENTRY_BYTES = 12;
    /** Bytes of the seek table's footer: number of frames, descriptor, magic. */
    static final int FOOTER_BYTES = 9;
    /** Descriptor of the seek table: entries carry checksums, nothing else. */
    static final int DESCRIPTOR_CHECKSUMS = 0x80;
    /** Bytes of the CRC-32C of each compressed frame, after the payload. */
    static final int FRAME_CRC_BYTES = 4;
    /** Bytes of the CRC-32C that ends the payload frame and covers the whole tail. */
    static final int TAIL_CRC_BYTES = 4;
    /** Low 32 bits of XXH64 of nothing: the checksum of an entry without content. */
    static final int EMPTY_CONTENT_CHECKSUM = 0x51D8E999;
    /** Index of a zstd frame's descriptor, behind its magic (RFC 8878, 3.1.1.1.1). */
    static final int DESCRIPTOR_INDEX = 4;
    /** Bit of the descriptor: a content checksum ends the frame. */
    static final int DESCRIPTOR_CHECKSUM = 1 << 2;
    /** Bytes of the content checksum that ends a zstd frame. */
    static final int CONTENT_CHECKSUM_BYTES = 4;
    /** Shortest zstd frame with content size and checksum: magic, descriptor, size, one block, checksum. */
    static final int MIN_FRAME_BYTES = 4 + 1 + 1 + 3 + CONTENT_CHECKSUM_BYTES;
    /** Most raw bytes in a block, the limit of the seekable format. */
    static final int MAX_BLOCK_BYTES = 1 << 30;
    /** Most blocks in a file: a segment has at most 2 GiB, a block at least one frame of 24 bytes. */
    static final int MAX_BLOCKS = 1 << 27;
    /** Most bytes of the payload; far above what a segment of 2 GiB needs. */
    static final int MAX_PAYLOAD_BYTES = 1 << 29;
    /** Fewest bytes of a file: an empty payload frame and a seek table with only its entry. */
    static final int MIN_FILE_BYTES =
            SKIPPABLE_HEADER_BYTES + TAIL_CRC_BYTES + SKIPPABLE_HEADER_BYTES + ENTRY_BYTES + FOOTER_BYTES;

    private SeekableFormat() {}

    /** Bytes of a seek table frame with this many entries. */
    static long tableBytes(long entries) {
        return SKIPPABLE_HEADER_BYTES + entries * ENTRY_BYTES + FOOTER_BYTES;
    }

    /** Bytes of the payload frame: header, payload, a CRC for each block, the CRC of the tail. */
    static long payloadFrameBytes(long payloadBytes, long blocks) {
        return SKIPPABLE_HEADER_BYTES + payloadBytes + blocks * FRAME_CRC_BYTES + TAIL_CRC_BYTES;
    }

    /** Most bytes that zstd needs for so many raw bytes (ZSTD_COMPRESSBOUND of zstd.h). */
    static long compressBound(long rawBytes) {
        long margin = rawBytes < (128 << 10) ? ((128 << 10) - rawBytes) >>> 11 : 0;
        return rawBytes + (rawBytes >>> 8) + margin;
    }
}
