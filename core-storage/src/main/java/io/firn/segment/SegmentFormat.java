package io.firn.segment;

/**
 * The layout of a hot segment file. All numbers are little-endian.
 *
 * <pre>
 * header        80 bytes + properties, zeros up to a multiple of 64
 * frames        see {@link io.firn.record.FrameFormat}; they end at "data end"
 * end word      i32 -1, i32 0; only in a sealed file, like all that follows
 * sections      each u32 id, u32 length, content, zeros up to a multiple of 8
 * trailer       80 bytes, the last of the file
 * </pre>
 *
 * @see <a href="../../../../../../docs/format/segment.md">docs/format/segment.md</a>
 */
public final class SegmentFormat {
    /** First bytes of every segment: "FIRN.Q\r\n". */
    public static final long MAGIC = 0x0a0d_512e_4e52_4946L;
    /** Last bytes of a sealed segment: "FIRNEND\n". */
    public static final long TRAILER_MAGIC = 0x0a44_4e45_4e52_4946L;
    /** Version that this code writes; readers refuse a higher one. */
    public static final int MAJOR_VERSION = 1;
    /** Version of compatible additions. */
    public static final int MINOR_VERSION = 0;
    /** Required features that this code knows: none yet. */
    public static final int KNOWN_REQUIRED_FEATURES = 0;

    static final int HEADER_MAGIC = 0;
    static final int HEADER_MAJOR = 8;
    static final int HEADER_MINOR = 10;
    static final int HEADER_LENGTH = 12;
    static final int HEADER_REQUIRED = 16;
    static final int HEADER_OPTIONAL = 20;
    static final int HEADER_SALT = 24;
    static final int HEADER_GENERATION = 28;
    static final int HEADER_EPOCH = 32;
    static final int HEADER_BASE_SEQUENCE = 40;
    static final int HEADER_CREATED_MS = 48;
    static final int HEADER_TABLE_ID = 56;
    static final int HEADER_PROPERTIES_LENGTH = 72;
    static final int HEADER_CRC = 76;
    /** Size of the header's fixed part. */
    public static final int HEADER_FIXED_SIZE = 80;
    /** The length of a header is a multiple of this. */
    public static final int HEADER_ALIGNMENT = 64;
    /** Longest header. */
    public static final int HEADER_MAX_SIZE = 1 << 20;

    /** Size of the end word with its padding. */
    public static final int END_WORD_SIZE = 8;

    /** Section: the sparse index. */
    public static final int SECTION_INDEX = 1;
    /** Section: the context directory. */
    public static final int SECTION_CONTEXTS = 2;
    /** Section: label dictionary of series. */
    public static final int SECTION_LABELS = 3;
    /** Section: postings of series. */
    public static final int SECTION_POSTINGS = 4;
    /** Section: aggregates of series. */
    public static final int SECTION_AGGREGATES = 5;
    /** Set in the id of a section that a reader must know; others are skipped. */
    public static final int SECTION_REQUIRED = 1 << 31;

    static final int SECTION_HEAD_SIZE = 8;
    static final int SECTION_ALIGNMENT = 8;

    static final int TRAILER_DATA_END = 0;
    static final int TRAILER_RECORD_COUNT = 8;
    static final int TRAILER_FIRST_SEQUENCE = 16;
    static final int TRAILER_LAST_SEQUENCE = 24;
    static final int TRAILER_MIN_TIMESTAMP = 32;
    static final int TRAILER_MAX_TIMESTAMP = 40;
    static final int TRAILER_DATA_CRC = 48;
    static final int TRAILER_FOOTER_CRC = 52;
    static final int TRAILER_SECTIONS_START = 56;
    static final int TRAILER_SECTIONS_LENGTH = 64;
    static final int TRAILER_RESERVED = 68;
    static final int TRAILER_MAGIC_OFFSET = 72;
    /** Size of the trailer. */
    public static final int TRAILER_SIZE = 80;

    /** An index entry is made at least every so many bytes of frames. */
    public static final int INDEX_STRIDE_BYTES = 64 << 10;
    /** Segments grow by doubling from this size; mapped windows start at multiples of it. */
    public static final int FIRST_RESERVATION_BYTES = 64 << 10;
    /** Longest frame of a record, so that a window that maps it has an int size. */
    public static final int MAX_FRAME_LENGTH = Integer.MAX_VALUE - 3 * FIRST_RESERVATION_BYTES + 1;
    /** Zeros that a writer leaves at the end of the file, so that records never look like a trailer. */
    static final int TAIL_ROOM = END_WORD_SIZE + TRAILER_SIZE;
    /** Most contexts of one segment. */
    public static final int MAX_CONTEXTS = 1 << 24;

    private SegmentFormat() {}
}
