package io.firn.series.codec;

import io.firn.error.FormatVersionException;
import java.nio.ByteBuffer;

/**
 * Decodes what {@link ChunkEncoder} wrote. Any change of a bit and any missing byte is a {@link
 * io.firn.error.CorruptDataException} with the place of the chunk.
 *
 * <p>It keeps about 150 KiB of scratch memory and allocates nothing for a chunk once that has grown. Confined to one
 * thread.
 */
public final class ChunkDecoder {
    private static final int MAX_SIZE_BYTES = ChunkFormat.maxSizeBytes(ChunkFormat.MAX_SAMPLES);

    private final TimestampColumn timestampColumn = new TimestampColumn();
    private final ValueColumns valueColumns = new ValueColumns(ChunkFormat.MAX_SAMPLES);
    private final ChunkFrame frame = new ChunkFrame();

    /** Creates a decoder. */
    public ChunkDecoder() {}

    /**
     * Checks a chunk and reads its header; its samples are not decoded.
     *
     * @param source of any byte order; the chunk begins at its position, which does not move; more bytes may follow
     * @param place where the chunk stands, for messages
     * @throws io.firn.error.CorruptDataException when the chunk is cut off or damaged
     * @throws FormatVersionException when a newer version wrote it
     */
    public ChunkHeader header(ByteBuffer source, ChunkPlace place) {
        ByteSource chunk = frame.open(source, MAX_SIZE_BYTES, place);
        int flagsAndCodecs = takeFlagsAndCodecs(chunk);
        SampleExtent extent = SampleExtent.take(chunk, ChunkFormat.MAX_SAMPLES);
        return new ChunkHeader(
                flagsAndCodecs & ChunkFormat.LOW_MASK,
                timestampCodec(flagsAndCodecs, chunk),
                valueCodec(flagsAndCodecs, chunk),
                extent.count(),
                extent.min(),
                extent.max(),
                chunk.limit());
    }

    private static int takeFlagsAndCodecs(ByteSource chunk) {
        int flagsAndCodecs = ChunkFrame.takeFormAndCodecs(chunk);
        if ((flagsAndCodecs & ChunkFormat.LOW_MASK) > ChunkFlag.ALL) {
            throw chunk.corrupt("form " + (flagsAndCodecs & ChunkFormat.LOW_MASK) + " is not that of a chunk");
        }
        return flagsAndCodecs;
    }

    private static TimestampCodec timestampCodec(int flagsAndCodecs, ByteSource chunk) {
        return TimestampCodec.of((flagsAndCodecs >>> Byte.SIZE) & ChunkFormat.LOW_MASK, chunk);
    }

    private static ValueCodec valueCodec(int flagsAndCodecs, ByteSource chunk) {
        return ValueCodec.of(flagsAndCodecs >>> (Byte.SIZE + ChunkFormat.HIGH_SHIFT), chunk);
    }

    /**
     * Decodes one chunk; the source's position moves behind it.
     *
     * @param source as in {@link #header(ByteBuffer, ChunkPlace)}
     * @param place where the chunk stands, for messages
     * @param timestamps where the timestamps go, with room for the chunk's samples
     * @param values where the values go, with room for as many
     * @param at index of the first sample in both
     * @return number of samples
     * @throws io.firn.error.CorruptDataException when the chunk is cut off or damaged; what was put into the arrays is
     *     void then
     * @throws FormatVersionException when a newer version wrote it
     */
    public int decode(ByteBuffer source, ChunkPlace place, long[] timestamps, double[] values, int at) {
        ByteSource chunk = frame.open(source, MAX_SIZE_BYTES, place);
        int flagsAndCodecs = takeFlagsAndCodecs(chunk);
        SampleExtent extent = SampleExtent.take(chunk, ChunkFormat.MAX_SAMPLES);
        int count = extent.count();
        if (count > Math.min(timestamps.length, values.length) - at) {
            throw new IllegalArgumentException("no room for " + count + " samples from index " + at);
        }
        int end = chunk.limit();
        chunk.limit(chunk.position() + extent.timestampBytes());
        timestampColumn.decode(timestampCodec(flagsAndCodecs, chunk), chunk, extent, timestamps, at);
        chunk.expectEnd("the timestamps");
        chunk.limit(end);
        valueColumns.decode(valueCodec(flagsAndCodecs, chunk), chunk, count, values, at);
        chunk.expectEnd("the values");
        source.position(source.position() + end);
        return count;
    }
}
