package io.firn.series.codec;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Decodes what {@link GroupEncoder} wrote. Any change of a bit and any missing byte is a {@link
 * io.firn.error.CorruptDataException} with the place of the group.
 *
 * <p>It keeps about 600 KiB of scratch memory, a third of it direct. Confined to one thread.
 */
public final class GroupDecoder {
    private static final int MAX_SIZE_BYTES = GroupFormat.maxSizeBytes(GroupFormat.MAX_SAMPLES);
    private static final int MAX_COLUMN_BYTES = GroupFormat.maxColumnBytes(GroupFormat.MAX_SAMPLES);

    private final BlockCompressor compressor;
    private final ChunkFrame frame = new ChunkFrame();
    private final VectorSection vectors = new VectorSection();
    private final DecimalConversion decimals = new DecimalConversion(GroupFormat.MAX_SAMPLES);
    private final long[] words = new long[GroupFormat.MAX_SAMPLES];
    private final RawValues rawValues = new RawValues();
    private final ByteBuffer compressed = ByteBuffer.allocateDirect(MAX_SIZE_BYTES);
    private final ByteBuffer content = ByteBuffer.allocateDirect(MAX_COLUMN_BYTES);
    private final ByteSource column = new ByteSource(new ChunkPlace(Path.of(""), 0));

    /**
     * Creates a decoder.
     *
     * @param compressor zstd, whatever its level
     */
    public GroupDecoder(BlockCompressor compressor) {
        this.compressor = compressor;
    }

    /**
     * Checks a group and reads its header; its samples are not decoded.
     *
     * @param source of any byte order; the group begins at its position, which does not move; more bytes may follow
     * @param place where the group stands, for messages
     * @throws io.firn.error.CorruptDataException when the group is cut off or damaged
     * @throws io.firn.error.FormatVersionException when a newer version wrote it
     */
    public GroupHeader header(ByteBuffer source, ChunkPlace place) {
        ByteSource group = frame.open(source, MAX_SIZE_BYTES, place);
        int layouts = takeLayouts(group);
        SampleExtent extent = SampleExtent.take(group, GroupFormat.MAX_SAMPLES);
        return new GroupHeader(
                timestampLayout(layouts, group),
                valueLayout(layouts, group),
                extent.count(),
                extent.min(),
                extent.max(),
                group.limit());
    }

    private static int takeLayouts(ByteSource group) {
        int formAndLayouts = ChunkFrame.takeFormAndCodecs(group);
        int form = formAndLayouts & ChunkFormat.LOW_MASK;
        if (form != GroupFormat.FORM) {
            throw group.corrupt("form " + form + " is not that of a group");
        }
        return formAndLayouts >>> Byte.SIZE;
    }

    private static TimestampLayout timestampLayout(int layouts, ByteSource group) {
        return TimestampLayout.of(layouts & ChunkFormat.LOW_MASK, group);
    }

    private static ValueLayout valueLayout(int layouts, ByteSource group) {
        return ValueLayout.of(layouts >>> ChunkFormat.HIGH_SHIFT, group);
    }

    /**
     * Decodes one group; the source's position moves behind it.
     *
     * @param source as in {@link #header(ByteBuffer, ChunkPlace)}
     * @param place where the group stands, for messages
     * @param timestamps where the timestamps go, with room for the group's samples
     * @param values where the values go, with room for as many
     * @param at index of the first sample in both
     * @return number of samples
     * @throws io.firn.error.CorruptDataException when the group is cut off or damaged; what was put into the arrays is
     *     void then
     * @throws io.firn.error.FormatVersionException when a newer version wrote it
     */
    public int decode(ByteBuffer source, ChunkPlace place, long[] timestamps, double[] values, int at) {
        ByteSource group = frame.open(source, MAX_SIZE_BYTES, place);
        int layouts = takeLayouts(group);
        TimestampLayout timestampLayout = timestampLayout(layouts, group);
        ValueLayout valueLayout = valueLayout(layouts, group);
        SampleExtent extent = SampleExtent.take(group, GroupFormat.MAX_SAMPLES);
        if (extent.count() > Math.min(timestamps.length, values.length) - at) {
            throw new IllegalArgumentException("no room for " + extent.count() + " samples from index " + at);
        }
        int end = group.limit();
        if (extent.count() > 0) {
            group.limit(group.position() + extent.timestampBytes());
            ByteSource times = timestampLayout.isCompressed() ? decompress(group) : group;
            takeTimestamps(timestampLayout, times, extent, timestamps, at);
            times.expectEnd("the timestamps");
            group.limit(end);
            ByteSource numbers = valueLayout.isCompressed() ? decompress(group) : group;
            takeValues(valueLayout, numbers, extent, values, at);
            numbers.expectEnd("the values");
        }
        group.expectEnd("the group");
        source.position(source.position() + end);
        return extent.count();
    }

    private void takeTimestamps(TimestampLayout layout, ByteSource source, SampleExtent extent, long[] target, int at) {
        switch (layout) {
            case VECTORS, COMPRESSED_VECTORS -> vectors.takeTimestamps(source, extent, target, at);
            case COMPRESSED_PLANES -> {
                IntegerPlanes.take(source, extent.count(), words);
                for (int i = 0; i < extent.count(); i++) {
                    target[at + i] = extent.min() + words[i];
                }
            }
            case STRIDE -> TimestampColumn.putStride(source, extent, target, at);
        }
    }

    private void takeValues(ValueLayout layout, ByteSource source, SampleExtent extent, double[] target, int at) {
        int count = extent.count();
        switch (layout) {
            case VECTORS, COMPRESSED_VECTORS -> vectors.takeValues(source, extent, target, at);
            case COMPRESSED_DECIMAL_PLANES -> {
                int scale = DecimalConversion.takeScale(source);
                IntegerPlanes.take(source, count, decimals.integers());
                decimals.toValues(count, scale, target, at);
                DecimalConversion.takeExceptions(source, count, target, at);
            }
            case COMPRESSED_RAW_PLANES -> {
                BytePlanes.take(source, count, Long.BYTES, words);
                for (int i = 0; i < count; i++) {
                    target[at + i] = Double.longBitsToDouble(words[i]);
                }
            }
            case COMPRESSED_RAW -> rawValues.decode(source, count, target, at);
        }
    }

    /** The content of what is left in a group. */
    private ByteSource decompress(ByteSource group) {
        int rawBytes = group.count(MAX_COLUMN_BYTES, "size of a column");
        int size = group.remaining();
        compressed.clear().put(group.array(), group.take(size), size).flip();
        int found;
        try {
            found = compressor.decompress(compressed, content.clear().limit(rawBytes));
        } catch (IllegalArgumentException damaged) {
            throw group.corrupt("a column does not decompress: " + damaged.getMessage());
        }
        if (found != rawBytes) {
            throw group.corrupt("a column of " + found + " bytes instead of " + rawBytes);
        }
        column.copy(content, 0, rawBytes, group.place());
        return column;
    }
}
