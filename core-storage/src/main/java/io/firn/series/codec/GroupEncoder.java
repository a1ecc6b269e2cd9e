package io.firn.series.codec;

import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * Encodes up to {@link GroupFormat#MAX_SAMPLES} samples as one group for cold storage: each column in the layout that
 * is smallest, most of them through a general compressor. Lossless as chunks are.
 *
 * <p>Slower than {@link ChunkEncoder} and smaller. It keeps about 1.5 MiB of scratch memory, a third of it direct.
 * Nothing is written to a file here. Confined to one thread.
 *
 * @see GroupDecoder
 */
public final class GroupEncoder {
    private final VectorSection vectors = new VectorSection();
    private final IntegerPlanes planes = new IntegerPlanes(GroupFormat.MAX_SAMPLES);
    private final DecimalConversion decimals = new DecimalConversion(GroupFormat.MAX_SAMPLES);
    private final ValueVector all = new ValueVector(GroupFormat.MAX_SAMPLES);
    private final DecimalHint groupHint = new DecimalHint();
    private final long[] timestamps = new long[GroupFormat.MAX_SAMPLES];
    private final ByteSink column = new ByteSink(GroupFormat.maxColumnBytes(GroupFormat.MAX_SAMPLES));
    private final SmallestSection section;
    private final ByteSink body = new ByteSink(GroupFormat.maxSizeBytes(GroupFormat.MAX_SAMPLES));
    private final ChunkFrame frame = new ChunkFrame();

    /**
     * Creates an encoder.
     *
     * @param compressor zstd at the level that the store wants, usually 3
     */
    public GroupEncoder(BlockCompressor compressor) {
        section = new SmallestSection(compressor, GroupFormat.maxColumnBytes(GroupFormat.MAX_SAMPLES));
    }

    /**
     * Encodes one group at the target's position, which moves behind it.
     *
     * @param samples 0 to {@link GroupFormat#MAX_SAMPLES} samples
     * @param hint what is known of the series' decimals; updated
     * @param target of any byte order, with room for {@link GroupFormat#maxSizeBytes} bytes
     * @return bytes of the group
     * @throws IllegalArgumentException when there are too many samples or too little room; nothing was written then
     */
    public int encode(SampleRange samples, DecimalHint hint, ByteBuffer target) {
        int count = samples.count();
        if (count > GroupFormat.MAX_SAMPLES || target.remaining() < GroupFormat.maxSizeBytes(count)) {
            throw new IllegalArgumentException("a group of " + count + " samples, at most " + GroupFormat.MAX_SAMPLES
                    + ", needs room for " + GroupFormat.maxSizeBytes(count) + " bytes, not " + target.remaining());
        }
        body.resize(0);
        int layouts = 0;
        if (count == 0) {
            SampleExtent.put(samples, 0, body);
        } else {
            chooseTimestamps(samples);
            section.squeeze();
            layouts = section.layout();
            SampleExtent.put(samples, section.bytes().size(), body);
            putSection();
            chooseValues(samples, hint);
            section.squeeze();
            layouts |= section.layout() << ChunkFormat.HIGH_SHIFT;
            putSection();
        }
        return frame.put(GroupFormat.FORM, layouts, body, target);
    }

    private void putSection() {
        body.append(section.bytes().array(), 0, section.bytes().size());
    }

    private void chooseTimestamps(SampleRange samples) {
        section.clear();
        column.resize(0);
        if (samples.isStride()) {
            section.offer(TimestampLayout.STRIDE.id(), column);
            return;
        }
        vectors.putTimestamps(samples, column);
        section.offer(TimestampLayout.VECTORS.id(), column);
        section.offerCompressed(TimestampLayout.COMPRESSED_VECTORS.id(), column);
        for (int i = 0; i < samples.count(); i++) {
            timestamps[i] = samples.timestamp(i) - samples.minTimestamp();
        }
        column.resize(0);
        planes.put(timestamps, samples.count(), column);
        section.offerCompressed(TimestampLayout.COMPRESSED_PLANES.id(), column);
    }

    private void chooseValues(SampleRange samples, DecimalHint hint) {
        section.clear();
        column.resize(0);
        vectors.putValues(samples, hint, column);
        section.offer(ValueLayout.VECTORS.id(), column);
        section.offerCompressed(ValueLayout.COMPRESSED_VECTORS.id(), column);
        groupHint.follow(hint);
        all.load(samples, groupHint);
        offerDecimals();
        column.resize(0);
        BytePlanes.put(all.bits(), all.count(), Long.BYTES, column);
        section.offerCompressed(ValueLayout.COMPRESSED_RAW_PLANES.id(), column);
        column.resize(0);
        for (int i = 0; i < all.count(); i++) {
            column.word(all.bits()[i]);
        }
        section.offerCompressed(ValueLayout.COMPRESSED_RAW.id(), column);
    }

    private void offerDecimals() {
        OptionalInt scale = decimals.convert(all);
        if (scale.isPresent()) {
            column.resize(0);
            column.octet(scale.getAsInt());
            planes.put(decimals.integers(), all.count(), column);
            decimals.putExceptions(all.bits(), column);
            section.offerCompressed(ValueLayout.COMPRESSED_DECIMAL_PLANES.id(), column);
        }
    }
}
