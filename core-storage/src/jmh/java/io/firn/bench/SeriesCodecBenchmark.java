package io.firn.bench;

import io.firn.series.codec.ChunkDecoder;
import io.firn.series.codec.ChunkEncoder;
import io.firn.series.codec.ChunkFormat;
import io.firn.series.codec.ChunkOptions;
import io.firn.series.codec.ChunkPlace;
import io.firn.series.codec.CodecStatistics;
import io.firn.series.codec.DecimalHint;
import io.firn.series.codec.RealSeries;
import io.firn.series.codec.SampleRange;
import io.firn.series.codec.TimestampCodec;
import io.firn.series.codec.TimestampFamily;
import io.firn.series.codec.ValueCodec;
import io.firn.series.codec.ValueFamily;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * All codecs of values on one series, side by side in one iteration, in chunks of 1,024 samples with regular
 * timestamps: what counts is the thread's CPU time for each value. Medians, and the ratios to Gorilla, are printed at
 * the end of a trial; the time of a chunk's frame and timestamps is in all of them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = SeriesCodecBenchmark.WARMUP_ITERATIONS)
@Measurement(iterations = 15)
@Fork(1)
public class SeriesCodecBenchmark {
    static final int WARMUP_ITERATIONS = 8;
    /** So many that no branch predictor learns the series by heart. */
    private static final int CHUNKS = 512;

    private static final int COUNT = CHUNKS * ChunkFormat.MAX_SAMPLES;
    private static final ChunkPlace PLACE = new ChunkPlace(Path.of("memory"), 0);

    /** A {@link ValueFamily}, or a series of {@link RealSeries}, repeated to the same length. */
    @Param({"GAUGE_TWO_DECIMALS", "INTEGER_WALK", "COUNTER", "FLOATS", "seattle:temperature", "sp500:close"})
    public String series;

    private final Map<ValueCodec, Samples> encodeNs = new EnumMap<>(ValueCodec.class);
    private final Map<ValueCodec, Samples> decodeNs = new EnumMap<>(ValueCodec.class);
    private final Map<ValueCodec, ByteBuffer> encoded = new EnumMap<>(ValueCodec.class);
    private final Map<ValueCodec, ChunkEncoder> encoders = new EnumMap<>(ValueCodec.class);
    private final Map<ValueCodec, CodecStatistics> statistics = new EnumMap<>(ValueCodec.class);
    private final Map<ValueCodec, DecimalHint> hints = new EnumMap<>(ValueCodec.class);
    private final ChunkDecoder decoder = new ChunkDecoder();
    private final SampleRange[] ranges = new SampleRange[CHUNKS];
    private final long[] timestamps = new long[COUNT];
    private final double[] values = new double[COUNT];
    private int iterations;

    /** Makes the series and an encoder for each codec. */
    @Setup(Level.Trial)
    public void prepare() {
        double[] real = RealSeries.all().get(series);
        double[] source =
                real != null ? real : ValueFamily.valueOf(series).values(new SplittableRandom(1), COUNT);
        double[] all = new double[COUNT];
        Arrays.setAll(all, i -> source[i % source.length]);
        long[] times = TimestampFamily.REGULAR.timestamps(new SplittableRandom(1), COUNT);
        for (int i = 0; i < CHUNKS; i++) {
            ranges[i] = SampleRange.of(times, all, i * ChunkFormat.MAX_SAMPLES, (i + 1) * ChunkFormat.MAX_SAMPLES);
        }
        for (ValueCodec codec : ValueCodec.values()) {
            statistics.put(codec, new CodecStatistics());
            encoders.put(
                    codec,
                    new ChunkEncoder(new ChunkOptions(TimestampCodec.ADAPTIVE, codec, 0), statistics.get(codec)));
            hints.put(codec, new DecimalHint());
            encoded.put(codec, ByteBuffer.allocate(CHUNKS * ChunkFormat.maxSizeBytes(ChunkFormat.MAX_SAMPLES)));
            encodeNs.put(codec, new Samples());
            decodeNs.put(codec, new Samples());
        }
    }

    /** One round of all codecs; JMH's own figure is their sum, the printed table is the result. */
    @Benchmark
    public double sideBySide() {
        for (ValueCodec codec : ValueCodec.values()) {
            ByteBuffer target = encoded.get(codec);
            long start = ThreadCpu.nowNs();
            encode(encoders.get(codec), hints.get(codec), target.clear());
            long between = ThreadCpu.nowNs();
            target.flip();
            decode(target);
            encodeNs.get(codec).add(between - start);
            decodeNs.get(codec).add(ThreadCpu.nowNs() - between);
        }
        return values[COUNT - 1];
    }

    private void encode(ChunkEncoder encoder, DecimalHint hint, ByteBuffer target) {
        for (SampleRange range : ranges) {
            encoder.encode(range, hint, target);
        }
    }

    private void decode(ByteBuffer source) {
        for (int at = 0; source.hasRemaining(); ) {
            at += decoder.decode(source, PLACE, timestamps, values, at);
        }
    }

    /** Forgets what was measured while the JVM warmed up. */
    @Setup(Level.Iteration)
    public void dropWarmup() {
        if (iterations++ == WARMUP_ITERATIONS) {
            encodeNs.values().forEach(Samples::clear);
            decodeNs.values().forEach(Samples::clear);
        }
    }

    /** Prints bytes and nanoseconds for each value, and how many times as fast as Gorilla each codec is. */
    @TearDown(Level.Trial)
    public void report() {
        double gorillaEncode = encodeNs.get(ValueCodec.GORILLA).quantile(0.5);
        double gorillaDecode = decodeNs.get(ValueCodec.GORILLA).quantile(0.5);
        for (ValueCodec codec : ValueCodec.values()) {
            double encode = encodeNs.get(codec).quantile(0.5);
            double decode = decodeNs.get(codec).quantile(0.5);
            System.out.printf(
                    "%nRESULT codec %-20s %-11s %.3f B/sample; CPU ns/value encode=%.2f (%.2fx gorilla)"
                            + " decode=%.2f (%.2fx gorilla); fallbacks=%d",
                    series,
                    codec,
                    (double) encoded.get(codec).limit() / COUNT,
                    encode / COUNT,
                    gorillaEncode / encode,
                    decode / COUNT,
                    gorillaDecode / decode,
                    statistics.get(codec).fallbacks());
        }
        System.out.println();
    }
}
