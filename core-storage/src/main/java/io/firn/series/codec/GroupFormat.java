package io.firn.series.codec;

/**
 * Numbers of the group format, docs/format/series.md.
 *
 * @see GroupEncoder
 * @see GroupDecoder
 */
public final class GroupFormat {
    /** Most vectors of a group. */
    public static final int MAX_VECTORS = 8;
    /** Most samples of a group. */
    public static final int MAX_SAMPLES = MAX_VECTORS * ChunkFormat.MAX_SAMPLES;

    /** The form in the frame of a group, where a chunk has its flags. */
    static final int FORM = 8;

    /** Codec, least, range and size of each vector of timestamps; codec and size of each of values. */
    private static final int MAX_VECTOR_HEAD_BYTES = 2 + 4 * ByteSink.MAX_VARINT_BYTES;
    /** Order, width, scale and the places of exceptions. */
    private static final int MAX_PLANES_HEAD_BYTES = 64;

    private GroupFormat() {}

    /** Most bytes that a group of so many samples takes, whatever they are. */
    public static int maxSizeBytes(int count) {
        int vectors = (count + ChunkFormat.MAX_SAMPLES - 1) / ChunkFormat.MAX_SAMPLES;
        return ChunkFormat.MAX_HEADER_BYTES + vectors * MAX_VECTOR_HEAD_BYTES + count * ChunkFormat.RAW_SAMPLE_BYTES;
    }

    /** Most bytes of one column before a general compressor, in any layout: planes and a tenth of exceptions. */
    static int maxColumnBytes(int count) {
        return MAX_PLANES_HEAD_BYTES + MAX_VECTORS * MAX_VECTOR_HEAD_BYTES + count * (Long.BYTES + 1);
    }
}
