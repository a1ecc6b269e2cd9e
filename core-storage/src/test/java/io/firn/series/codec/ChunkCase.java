package io.firn.series.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;

/** SampleRange, their chunk, and whether they come back. Confined to one thread. */
final class ChunkCase {
    static final ChunkPlace PLACE = new ChunkPlace(Path.of("dt=2001-01-01", "0001.q"), 4096);
    static final int[] SIZES = {0, 1, 2, 119, 120, 121, 127, 128, 129, 1023, 1024};

    private final long[] timestamps;
    private final double[] values;

    ChunkCase(long[] timestamps, double[] values) {
        this.timestamps = timestamps;
        this.values = values;
    }

    static ChunkCase of(RandomGenerator random, TimestampFamily timestamps, ValueFamily values, int count) {
        return new ChunkCase(timestamps.timestamps(random, count), values.values(random, count));
    }

    static <T> T any(RandomGenerator random, T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    static ChunkOptions options(TimestampCodec timestamps, ValueCodec values) {
        return new ChunkOptions(timestamps, values, 0);
    }

    int count() {
        return values.length;
    }

    SampleRange samples() {
        return SampleRange.of(timestamps, values, 0, values.length);
    }

    /** The bytes of the chunk. */
    byte[] encode(ChunkOptions options) {
        return encode(new ChunkEncoder(options, new CodecStatistics()));
    }

    byte[] encode(ChunkEncoder encoder) {
        ByteBuffer target = ByteBuffer.allocate(ChunkFormat.maxSizeBytes(values.length));
        int size = encoder.encode(samples(), new DecimalHint(), target);
        assertThat(target.position()).isEqualTo(size);
        return Arrays.copyOf(target.array(), size);
    }

    static ChunkHeader header(byte[] chunk) {
        return new ChunkDecoder().header(ByteBuffer.wrap(chunk), PLACE);
    }

    /** Decodes and compares every bit. */
    void assertComesBackFrom(byte[] chunk, ChunkDecoder decoder) {
        long[] times = new long[values.length + 2];
        double[] found = new double[values.length + 2];
        ByteBuffer source = ByteBuffer.wrap(chunk);

        assertThat(decoder.decode(source, PLACE, times, found, 1)).isEqualTo(values.length);

        assertThat(source.remaining()).isZero();
        assertThat(Arrays.copyOfRange(times, 1, values.length + 1)).isEqualTo(timestamps);
        assertThat(patterns(Arrays.copyOfRange(found, 1, values.length + 1))).isEqualTo(patterns(values));
        assertThat(times[values.length + 1]).isZero();
        assertThat(found[values.length + 1]).isZero();
    }

    static long[] patterns(double[] values) {
        return DoubleStream.of(values).mapToLong(Double::doubleToRawLongBits).toArray();
    }
}
