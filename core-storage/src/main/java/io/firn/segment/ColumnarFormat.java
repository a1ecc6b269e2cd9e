package io.firn.segment;

/**
 * The layout of a columnar block, block encoding 1 of a cold file.
 *
 * <pre>
 * 0  u32  CRC-32C of the block's frames with checksum words of zero
 * 4  varint  number of frames
 *    number columns: kinds (type, flags), timestamps, sequences, value lengths, context references, key lengths,
 *    header lengths
 *    byte columns: keys, headers, values
 * </pre>
 *
 * @see NumberColumn
 * @see <a href="../../../../../../docs/format/cold.md">docs/format/cold.md</a>
 */
final class ColumnarFormat {
    /** Most bytes of frames in a columnar block: bounds the memory of who writes or reads one. */
    static final int MAX_RAW_BYTES = 16 << 20;
    /** Number columns, in this order. */
    static final int KINDS = 0;

    static final int TIMESTAMPS = 1;
    static final int SEQUENCES = 2;
    static final int VALUE_LENGTHS = 3;
    static final int CONTEXTS = 4;
    static final int KEY_LENGTHS = 5;
    static final int HEADER_LENGTHS = 6;
    static final int NUMBER_COLUMNS = 7;

    /** Byte columns, in this order. */
    static final int KEYS = 0;

    static final int HEADERS = 1;
    static final int VALUES = 2;
    static final int BYTE_COLUMNS = 3;

    /** A byte column whose items follow each other. */
    static final int MODE_JOINED = 0;
    /** A byte column of items of one length: their first bytes, their second bytes, ... */
    static final int MODE_PLANES = 1;
    /** Longest items that are stored as planes. */
    static final int MAX_PLANES = 64;

    private ColumnarFormat() {}
}
