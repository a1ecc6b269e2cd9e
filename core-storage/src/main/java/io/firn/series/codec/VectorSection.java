package io.firn.series.codec;

/**
 * The columns of a group as vectors of up to {@link ChunkFormat#MAX_SAMPLES} samples, all but the last full.
 *
 * <pre>
 * timestamps, for each vector: u8 codec, zz least minus the greatest of the vector before (of the first: minus the
 *   group's least), varint greatest minus least, varint size, bytes as in a chunk
 * values, for each vector: u8 codec, varint size, bytes as in a chunk
 * </pre>
 *
 * Confined to one thread.
 */
final class VectorSection {
    private final TimestampColumn timestampColumn = new TimestampColumn();
    private final ValueColumns valueColumns = new ValueColumns(ChunkFormat.MAX_SAMPLES);
    private final ValueVector vector = new ValueVector(ChunkFormat.MAX_SAMPLES);
    private final ByteSink encoded = new ByteSink(0);

    private static int end(int from, int count) {
        return Math.min(count, from + ChunkFormat.MAX_SAMPLES);
    }

    void putTimestamps(SampleRange samples, ByteSink sink) {
        long previous = samples.minTimestamp();
        for (int from = 0; from < samples.count(); from += ChunkFormat.MAX_SAMPLES) {
            SampleRange range = samples.range(from, end(from, samples.count()));
            encoded.resize(0);
            sink.octet(timestampColumn
                    .encode(range, TimestampCodec.ADAPTIVE, encoded)
                    .id());
            sink.signed(range.minTimestamp() - previous);
            sink.unsigned(range.maxTimestamp() - range.minTimestamp());
            sink.unsigned(encoded.size());
            sink.append(encoded.array(), 0, encoded.size());
            previous = range.maxTimestamp();
        }
    }

    void putValues(SampleRange samples, DecimalHint hint, ByteSink sink) {
        for (int from = 0; from < samples.count(); from += ChunkFormat.MAX_SAMPLES) {
            vector.load(samples.range(from, end(from, samples.count())), hint);
            encoded.resize(0);
            sink.octet(valueColumns.encode(vector, ValueCodec.ADAPTIVE, encoded).id());
            sink.unsigned(encoded.size());
            sink.append(encoded.array(), 0, encoded.size());
        }
    }

    void takeTimestamps(ByteSource source, SampleExtent group, long[] target, int at) {
        long previous = group.min();
        for (int from = 0; from < group.count(); from += ChunkFormat.MAX_SAMPLES) {
            TimestampCodec codec = TimestampCodec.of(takeId(source), source);
            int count = end(from, group.count()) - from;
            SampleExtent extent = SampleExtent.of(count, previous + source.signed(), source.unsigned(), source);
            int limit = narrow(source);
            timestampColumn.decode(codec, source, extent, target, at + from);
            source.expectEnd("a vector of timestamps");
            source.limit(limit);
            previous = extent.max();
        }
    }

    void takeValues(ByteSource source, SampleExtent group, double[] target, int at) {
        for (int from = 0; from < group.count(); from += ChunkFormat.MAX_SAMPLES) {
            ValueCodec codec = ValueCodec.of(takeId(source), source);
            int limit = narrow(source);
            valueColumns.decode(codec, source, end(from, group.count()) - from, target, at + from);
            source.expectEnd("a vector of values");
            source.limit(limit);
        }
    }

    private static int takeId(ByteSource source) {
        int id = source.octet();
        if (id > ChunkFormat.LOW_MASK) {
            throw source.corrupt("unknown codec " + id);
        }
        return id;
    }

    /** Takes the size of a vector and makes its end the limit; returns the limit before. */
    private static int narrow(ByteSource source) {
        int size = source.count(source.limit(), "size of a vector");
        int from = source.position();
        source.take(size);
        int limit = source.limit();
        source.limit(from + size);
        source.position(from);
        return limit;
    }
}
