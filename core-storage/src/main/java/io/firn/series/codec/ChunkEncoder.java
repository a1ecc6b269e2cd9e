package io.firn.series.codec;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/**
 * Encodes samples as chunks, losslessly: every timestamp and every bit pattern of a value comes back, in order.
 *
 * <p>It keeps about 300 KiB of scratch memory and allocates nothing for a chunk once that has grown. Nothing is written
 * to a file here. Confined to one thread.
 *
 * @see ChunkDecoder
 */
public final class ChunkEncoder {
    private final ChunkOptions options;
    private final CodecStatistics statistics;
    private final LongSupplier nanoClock;
    private final TimestampColumn timestampColumn = new TimestampColumn();
    private final ValueColumns valueColumns = new ValueColumns(ChunkFormat.MAX_SAMPLES);
    private final ValueVector vector = new ValueVector(ChunkFormat.MAX_SAMPLES);
    private final ByteSink timestamps = new ByteSink(0);
    private final ByteSink values = new ByteSink(0);
    private final ByteSink chunk = new ByteSink(ChunkFormat.maxSizeBytes(ChunkFormat.MAX_SAMPLES));
    private final ChunkFrame frame = new ChunkFrame();

    /** Creates an encoder that measures its time with the system's clock. */
    public ChunkEncoder(ChunkOptions options, CodecStatistics statistics) {
        this(options, statistics, System::nanoTime);
    }

    /**
     * Creates an encoder.
     *
     * @param options codecs and threshold
     * @param statistics where its work is counted
     * @param nanoClock nanoseconds from any start
     */
    public ChunkEncoder(ChunkOptions options, CodecStatistics statistics, LongSupplier nanoClock) {
        this.options = options;
        this.statistics = statistics;
        this.nanoClock = nanoClock;
    }

    /**
     * Encodes one chunk at the target's position, which moves behind it.
     *
     * @param samples 0 to {@link ChunkFormat#MAX_SAMPLES} samples
     * @param hint what is known of the series' decimals; updated
     * @param target of any byte order, with room for {@link ChunkFormat#maxSizeBytes} bytes
     * @return bytes of the chunk
     * @throws IllegalArgumentException when there are too many samples or too little room; nothing was written then
     */
    public int encode(SampleRange samples, DecimalHint hint, ByteBuffer target) {
        int count = samples.count();
        if (count > ChunkFormat.MAX_SAMPLES || target.remaining() < ChunkFormat.maxSizeBytes(count)) {
            throw new IllegalArgumentException("a chunk of " + count + " samples, at most " + ChunkFormat.MAX_SAMPLES
                    + ", needs room for " + ChunkFormat.maxSizeBytes(count) + " bytes, not " + target.remaining());
        }
        boolean small = count * ChunkFormat.RAW_SAMPLE_BYTES < options.thresholdBytes();
        TimestampCodec wantedTimestamps = small ? TimestampCodec.RAW : options.timestamps();
        ValueCodec wantedValues = small ? ValueCodec.RAW : options.values();
        timestamps.resize(0);
        values.resize(0);
        long start = nanoClock.getAsLong();
        TimestampCodec timestampCodec = timestampColumn.encode(samples, wantedTimestamps, timestamps);
        long between = nanoClock.getAsLong();
        vector.load(samples, hint);
        ValueCodec valueCodec = valueColumns.encode(vector, wantedValues, values);
        long end = nanoClock.getAsLong();
        // raw as the smallest is a choice, raw instead of a codec that was asked for is a fallback
        int flags = ChunkFlag.BELOW_THRESHOLD.bitIf(small)
                | ChunkFlag.TIMESTAMPS_FELL_BACK.bitIf(
                        timestampCodec != wantedTimestamps && wantedTimestamps != TimestampCodec.ADAPTIVE)
                | ChunkFlag.VALUES_FELL_BACK.bitIf(valueCodec != wantedValues && wantedValues != ValueCodec.ADAPTIVE);
        statistics.add(timestampCodec, count, timestamps.size(), between - start);
        statistics.add(valueCodec, count, values.size(), end - between);
        statistics.addFlags(flags);
        chunk.resize(0);
        SampleExtent.put(samples, timestamps.size(), chunk);
        chunk.append(timestamps.array(), 0, timestamps.size());
        chunk.append(values.array(), 0, values.size());
        return frame.put(flags, timestampCodec.id() | valueCodec.id() << ChunkFormat.HIGH_SHIFT, chunk, target);
    }
}
