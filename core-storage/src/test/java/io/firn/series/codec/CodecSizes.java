package io.firn.series.codec;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Bytes that columns take in chunks of a given length, by codec, without chunk headers. Thread-safe: no state. */
final class CodecSizes {
    static final int SYNTHETIC_COUNT = 64 * 1024;

    private CodecSizes() {}

    /** One long series of every family, then the real ones. */
    static Map<String, double[]> series() {
        Map<String, double[]> series = new LinkedHashMap<>();
        for (ValueFamily family : ValueFamily.values()) {
            series.put(family.name(), family.values(new SplittableRandom(1), SYNTHETIC_COUNT));
        }
        series.putAll(RealSeries.all());
        return series;
    }

    /** Bytes for each value, in chunks of {@code vector} samples. */
    static double ofValues(double[] values, ValueCodec codec, int vector) {
        CodecStatistics statistics = new CodecStatistics();
        encode(new long[values.length], values, ChunkCase.options(TimestampCodec.RAW, codec), vector, statistics);
        long bytes = 0;
        for (ValueCodec used : ValueCodec.values()) {
            bytes += statistics.of(used).encodedBytes();
        }
        return (double) bytes / values.length;
    }

    /** Bytes for each timestamp, in chunks of {@code vector} samples, with what the headers add for them. */
    static double ofTimestamps(long[] timestamps, TimestampCodec codec, int vector) {
        CodecStatistics statistics = new CodecStatistics();
        double[] zeros = new double[timestamps.length];
        long all = encode(timestamps, zeros, ChunkCase.options(codec, ValueCodec.CONSTANT), vector, statistics);
        long chunks = (timestamps.length + vector - 1L) / vector;
        return (double) (all - chunks * (Double.BYTES + ChunkFormat.FIXED_BYTES + 2)) / timestamps.length;
    }

    private static long encode(
            long[] timestamps, double[] values, ChunkOptions options, int vector, CodecStatistics statistics) {
        ChunkEncoder encoder = new ChunkEncoder(options, statistics);
        ByteBuffer target = ByteBuffer.allocate(ChunkFormat.maxSizeBytes(vector));
        DecimalHint hint = new DecimalHint();
        long bytes = 0;
        for (int from = 0; from < values.length; from += vector) {
            int to = Math.min(values.length, from + vector);
            bytes += encoder.encode(SampleRange.of(timestamps, values, from, to), hint, target.clear());
        }
        return bytes;
    }

    /**
     * What groups take.
     *
     * @param bytes for each sample with regular timestamps, headers included
     * @param layouts how often values were laid out how
     */
    record Cold(double bytes, Map<ValueLayout, Integer> layouts) {}

    /** Groups of a series with regular timestamps. */
    static Cold ofGroups(double[] values) {
        long[] timestamps = TimestampFamily.REGULAR.timestamps(new SplittableRandom(1), values.length);
        Map<ValueLayout, Integer> layouts = new EnumMap<>(ValueLayout.class);
        long bytes = 0;
        try (TestZstd zstd = new TestZstd()) {
            GroupEncoder encoder = new GroupEncoder(zstd);
            GroupDecoder decoder = new GroupDecoder(zstd);
            ByteBuffer target = ByteBuffer.allocate(GroupFormat.maxSizeBytes(GroupFormat.MAX_SAMPLES));
            DecimalHint hint = new DecimalHint();
            for (int from = 0; from < values.length; from += GroupFormat.MAX_SAMPLES) {
                int to = Math.min(values.length, from + GroupFormat.MAX_SAMPLES);
                bytes += encoder.encode(SampleRange.of(timestamps, values, from, to), hint, target.clear());
                layouts.merge(decoder.header(target.flip(), ChunkCase.PLACE).valueLayout(), 1, Integer::sum);
            }
        }
        return new Cold((double) bytes / values.length, layouts);
    }
}
