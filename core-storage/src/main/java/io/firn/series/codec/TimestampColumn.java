package io.firn.series.codec;

/** Encodes and decodes the timestamps of one chunk, whose least and greatest are known. Confined to one thread. */
final class TimestampColumn {
    private final IntegerVector integers = new IntegerVector(ChunkFormat.MAX_SAMPLES);
    private final long[] distances = new long[ChunkFormat.MAX_SAMPLES];

    /**
     * Appends timestamps.
     *
     * @param wanted the configured codec
     * @return the codec that was used: the wanted one, the smallest when that is adaptive, or raw when it does not suit
     */
    TimestampCodec encode(SampleRange samples, TimestampCodec wanted, ByteSink sink) {
        TimestampCodec tried = wanted;
        if (wanted == TimestampCodec.ADAPTIVE) {
            tried = samples.isStride() ? TimestampCodec.STRIDE : TimestampCodec.PACKED;
        }
        int start = sink.size();
        boolean suits = encodeAs(samples, tried, sink);
        if (suits && (samples.count() == 0 || sink.size() - start < samples.count() * Long.BYTES)) {
            return tried;
        }
        sink.resize(start);
        encodeAs(samples, TimestampCodec.RAW, sink);
        return TimestampCodec.RAW;
    }

    private boolean encodeAs(SampleRange samples, TimestampCodec codec, ByteSink sink) {
        switch (codec) {
            case RAW -> putRaw(samples, sink);
            case STRIDE -> {
                return samples.isStride();
            }
            case PACKED -> integers.encode(distancesOf(samples), samples.count(), sink);
            case DELTA_OF_DELTA -> integers.encodeOfOrderTwo(distancesOf(samples), samples.count(), sink);
            case ADAPTIVE -> throw new IllegalArgumentException(codec + " is no encoding");
        }
        return true;
    }

    /** Takes the timestamps of an extent and puts them from index {@code at} on. */
    void decode(TimestampCodec codec, ByteSource source, SampleExtent extent, long[] target, int at) {
        int count = extent.count();
        switch (codec) {
            case RAW -> {
                int from = source.take(count * Long.BYTES);
                for (int i = 0; i < count; i++) {
                    target[at + i] = LittleEndian.getLong(source.array(), from + i * Long.BYTES);
                }
            }
            case STRIDE -> putStride(source, extent, target, at);
            case PACKED, DELTA_OF_DELTA -> {
                integers.decode(source, count, distances);
                for (int i = 0; i < count; i++) {
                    target[at + i] = extent.min() + distances[i];
                }
            }
            case ADAPTIVE -> throw new IllegalArgumentException(codec + " is no encoding");
        }
    }

    private static void putRaw(SampleRange samples, ByteSink sink) {
        for (int i = 0; i < samples.count(); i++) {
            sink.word(samples.timestamp(i));
        }
    }

    static void putStride(ByteSource source, SampleExtent extent, long[] target, int at) {
        int gaps = extent.count() - 1;
        long range = extent.max() - extent.min();
        long stride = gaps <= 0 ? 0 : Long.divideUnsigned(range, gaps);
        if (stride * Math.max(0, gaps) != range) {
            throw source.corrupt(
                    "a range of " + Long.toUnsignedString(range) + " does not divide into " + gaps + " strides");
        }
        long timestamp = extent.min();
        for (int i = 0; i <= gaps; i++) {
            target[at + i] = timestamp;
            timestamp += stride;
        }
    }

    private long[] distancesOf(SampleRange samples) {
        for (int i = 0; i < samples.count(); i++) {
            distances[i] = samples.timestamp(i) - samples.minTimestamp();
        }
        return distances;
    }
}
