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
    private int timestampsEnd;

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
        return header(frame.open(source, MAX_SIZE_BYTES, place));
    }

    private ChunkHeader header(ByteSource chunk) {
        int formAndCodecs = ChunkFrame.takeFormAndCodecs(chunk);
        int flags = formAndCodecs & ChunkFormat.LOW_MASK;
        if (flags > ChunkFlag.ALL) {
            throw chunk.corrupt("unknown flags " + flags);
        }
        int codecs = formAndCodecs >>> Byte.SIZE;
        TimestampCodec timestampCodec = TimestampCodec.of(codecs & ChunkFormat.LOW_MASK, chunk);
        ValueCodec valueCodec = ValueCodec.of(codecs >>> ChunkFormat.HIGH_SHIFT, chunk);
        int count = chunk.count(ChunkFormat.MAX_SAMPLES, "number of samples");
        long min = count == 0 ? 0 : chunk.signed();
        long max = count == 0 ? 0 : min + chunk.unsigned();
        int timestampBytes = count == 0 ? 0 : chunk.count(chunk.remaining(), "size of the timestamps");
        if (min > max || timestampBytes > chunk.remaining()) {
            throw chunk.corrupt("timestamps from " + min + " to " + max + " in " + timestampBytes + " bytes of "
                    + chunk.remaining());
        }
        timestampsEnd = chunk.position() + timestampBytes;
        return new ChunkHeader(flags, timestampCodec, valueCodec, count, min, max, chunk.limit());
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
        ChunkHeader header = header(chunk);
        int count = header.count();
        if (count > Math.min(timestamps.length, values.length) - at) {
            throw new IllegalArgumentException("no room for " + count + " samples from index " + at);
        }
        int end = chunk.limit();
        chunk.limit(timestampsEnd);
        timestampColumn.decode(chunk, header, timestamps, at);
        chunk.expectEnd("the timestamps");
        chunk.limit(end);
        valueColumns.decode(header.valueCodec(), chunk, count, values, at);
        chunk.expectEnd("the values");
        source.position(source.position() + header.sizeBytes());
        return count;
    }
}
