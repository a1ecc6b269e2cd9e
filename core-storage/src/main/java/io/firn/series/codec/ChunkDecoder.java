package io.firn.series.codec;

import io.firn.error.FormatVersionException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

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
    private final ByteSource chunk = new ByteSource(new ChunkPlace(Path.of(""), 0));
    private final CRC32C crc = new CRC32C();
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
        chunk.copy(source, source.position(), Math.min(source.remaining(), MAX_SIZE_BYTES), place);
        int sum = (int) fixed32();
        int form = chunk.octet();
        int codecs = chunk.octet();
        int size = chunk.count(MAX_SIZE_BYTES, "size of a chunk");
        int body = chunk.take(size);
        int sizeBytes = body + size;
        crc.reset();
        crc.update(chunk.array(), ChunkFormat.CRC_BYTES, sizeBytes - ChunkFormat.CRC_BYTES);
        if ((int) crc.getValue() != sum) {
            throw place.corrupt(String.format("checksum 0x%08x, computed 0x%08x", sum, (int) crc.getValue()));
        }
        if (form >>> ChunkFormat.HIGH_SHIFT != ChunkFormat.VERSION) {
            throw new FormatVersionException("The series chunk in " + place.path() + " at offset " + place.offset()
                    + " has version " + (form >>> ChunkFormat.HIGH_SHIFT) + ", this program reads version "
                    + ChunkFormat.VERSION + "; read it with the program that wrote it or a newer one.");
        }
        chunk.limit(sizeBytes);
        chunk.position(body);
        return header(form & ChunkFormat.LOW_MASK, codecs, sizeBytes);
    }

    private ChunkHeader header(int flags, int codecs, int sizeBytes) {
        if (flags > ChunkFlag.ALL) {
            throw chunk.corrupt("unknown flags " + flags);
        }
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
        return new ChunkHeader(flags, timestampCodec, valueCodec, count, min, max, sizeBytes);
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
        ChunkHeader header = header(source, place);
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

    private long fixed32() {
        int at = chunk.take(ChunkFormat.CRC_BYTES);
        return LittleEndian.getLong(chunk.array(), at);
    }
}
