package io.firn.record;

/**
 * The layout of a frame, the unit that segments and logs are made of. All numbers are little-endian.
 *
 * <pre>
 *  0  i32  length, unpadded, these 24 bytes included; stored last with release; 0 = nothing yet, -1 = end
 *  4  u32  CRC-32C of bytes [8, padded end) XOR salt of the file XOR length
 *  8  i64  timestamp
 * 16  u32  sequence minus the base sequence of the context
 * 20  u16  type
 * 22  u16  flags
 * 24  [varint contextRef] [varint keyLength, key] [varint headerCount, headers] value, zeros up to a multiple of 8
 *          header = varint nameLength, name in UTF-8, varint valueLength + 1 (0 = null), value
 * </pre>
 *
 * @see <a href="../../../../../../docs/format/frame.md">docs/format/frame.md</a>
 */
public final class FrameFormat {
    /** Offset of the length word. */
    public static final int LENGTH_OFFSET = 0;
    /** Offset of the checksum. */
    public static final int CRC_OFFSET = 4;
    /** Offset of the timestamp, and the first byte that the checksum covers. */
    public static final int TIMESTAMP_OFFSET = 8;
    /** Offset of the sequence's distance to the base of its context. */
    public static final int SEQUENCE_OFFSET = 16;
    /** Offset of the type. */
    public static final int TYPE_OFFSET = 20;
    /** Offset of the flags. */
    public static final int FLAGS_OFFSET = 22;
    /** Size of the fixed part, and the smallest length of a frame. */
    public static final int FIXED_SIZE = 24;
    /** Frames start and end at multiples of this. */
    public static final int ALIGNMENT = 8;

    /** A length word where no frame has been published. */
    public static final int LENGTH_ABSENT = 0;
    /** A length word that ends the frames of a sealed file. */
    public static final int LENGTH_END = -1;
    /** The longest frame whose padded size is still an int. */
    public static final int MAX_LENGTH = Integer.MAX_VALUE - (ALIGNMENT - 1);

    /** The record has a key. */
    public static final int FLAG_KEY = 1;
    /** The record has at least one header. */
    public static final int FLAG_HEADERS = 1 << 1;
    /** The record's value is null; no bytes follow. */
    public static final int FLAG_NULL_VALUE = 1 << 2;
    /** Not a record: type and body have a meaning of their own; no other flag may be set. */
    public static final int FLAG_CONTROL = 1 << 3;
    /** The body starts with a reference to a context other than context 0. */
    public static final int FLAG_CONTEXT = 1 << 4;
    /** The timestamp is in milliseconds, else in nanoseconds. */
    public static final int FLAG_MILLIS = 1 << 5;
    /** The timestamp was set by the broker (Kafka's LogAppendTime), else by the producer. */
    public static final int FLAG_LOG_APPEND = 1 << 6;
    /** All flags that this version knows; a frame with another one is refused. */
    public static final int KNOWN_FLAGS = (1 << 7) - 1;

    /** Control frame of a segment: defines a context (reference, lane, partition, base sequence). */
    public static final int CONTROL_CONTEXT = 1;
    /** Control frame of a segment: labels of a series. */
    public static final int CONTROL_LABELS = 2;
    /** Control frame of a segment: a schema. */
    public static final int CONTROL_SCHEMA = 3;
    /** The first type of control frames that the logs of lanes and catalog use. */
    public static final int CONTROL_FIRST_LOG_TYPE = 64;

    private FrameFormat() {}

    /** The length rounded up to the alignment; {@code length} is at most {@link #MAX_LENGTH}. */
    public static int paddedLength(int length) {
        return (length + (ALIGNMENT - 1)) & -ALIGNMENT;
    }
}
