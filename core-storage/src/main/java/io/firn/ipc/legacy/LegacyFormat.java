package io.firn.ipc.legacy;

/**
 * Constants of the old archive's files; all numbers are little-endian.
 *
 * <pre>
 * segment header, 64 bytes:  0 u32 magic | 4 u32 version | 8 u32 segment id | 12 u32 flags | 48 bytes unused
 * record header, 64 bytes:   0 u32 commit length: 0 = nothing yet, else length of the payload + 1 | 4 u8 version
 *                            8 u64 sequence | 16 u64 timestamp ns | 24 u16 type | 26 u16 flags
 *                            28 u32 CRC32 of the payload
 *                            payload follows; the next record begins at the next multiple of 64
 * index of a cold file:      0 "QZSTIDX1" | 8 u16 version | 10 u16 header length | 12 u32 block size | 16 u64 frames
 *                            per frame: 0 u64 raw offset | 8 u64 offset | 16 u32 length | 20 u32 raw length
 * </pre>
 */
final class LegacyFormat {
    static final int ALIGNMENT_BYTES = 64;

    static final int MAGIC = 0x53454730;
    static final int VERSION = 2;
    static final int HEADER_BYTES = 64;
    static final int VERSION_OFFSET = 4;
    static final int ID_OFFSET = 8;
    static final int FLAGS_OFFSET = 12;
    static final int SEALED_FLAG = 1;

    static final int RECORD_HEADER_BYTES = 64;
    static final int RECORD_VERSION = 1;
    static final int RECORD_VERSION_OFFSET = 4;
    /** Bytes between a record's version and its sequence; they stay zero. */
    static final int RESERVED_BYTES = 3;

    static final int SEQUENCE_OFFSET = 8;
    static final int TIMESTAMP_OFFSET = 16;
    static final int TYPE_OFFSET = 24;
    static final int RECORD_FLAGS_OFFSET = 26;
    static final int CRC_OFFSET = 28;
    /** Bytes of a record's header that stay zero. */
    static final int UNUSED_OFFSET = 32;

    static final int UNUSED_BYTES = RECORD_HEADER_BYTES - UNUSED_OFFSET;
    static final int PADDING_TYPE = 0xFFFF;

    static final long INDEX_MAGIC = 0x3158444954535A51L; // "QZSTIDX1"
    static final int INDEX_VERSION = 1;
    static final int INDEX_HEADER_BYTES = 24;
    static final int INDEX_ENTRY_BYTES = 24;

    private LegacyFormat() {}

    /** Bytes from one record to the next, by the length of the payload. */
    static long recordBytes(long payloadBytes) {
        return (RECORD_HEADER_BYTES + payloadBytes + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
    }
}
