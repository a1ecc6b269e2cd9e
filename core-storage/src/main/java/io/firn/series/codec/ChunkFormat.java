package io.firn.series.codec;

/**
 * Numbers of the chunk format, docs/format/series.md.
 *
 * @see ChunkEncoder
 * @see ChunkDecoder
 */
public final class ChunkFormat {
    /** Most samples of a chunk. */
    public static final int MAX_SAMPLES = 1024;
    /** SampleRange of a chunk in the head of a series, by convention. */
    public static final int HEAD_SAMPLES = 120;
    /** Bytes of a sample without encoding. */
    public static final int RAW_SAMPLE_BYTES = 2 * Long.BYTES;

    static final int VERSION = 1;
    /** The high four bits of an octet that holds two numbers. */
    static final int HIGH_SHIFT = 4;

    static final int LOW_MASK = 0xF;
    static final int CRC_BYTES = Integer.BYTES;
    /** CRC, version with flags, codecs; then the size. */
    static final int FIXED_BYTES = CRC_BYTES + 2;
    /** Fixed bytes and five varints: size, count, least, range, bytes of timestamps. */
    static final int MAX_HEADER_BYTES = FIXED_BYTES + 5 * ByteSink.MAX_VARINT_BYTES;

    private ChunkFormat() {}

    /** Most bytes that a chunk of so many samples takes, whatever they are. */
    public static int maxSizeBytes(int count) {
        return MAX_HEADER_BYTES + count * RAW_SAMPLE_BYTES;
    }
}
