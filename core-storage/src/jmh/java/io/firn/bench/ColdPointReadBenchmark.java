package io.firn.bench;

import io.firn.segment.CompressionOptions;
import io.firn.segment.Segment;
import io.firn.segment.SegmentCompression;
import io.firn.segment.SegmentCursor;
import java.io.IOException;
import java.nio.file.Path;
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

/** Reads one record at a random sequence from a cold segment without a cache of blocks. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 6, time = 3)
@Fork(1)
public class ColdPointReadBenchmark {
    private static final int WARMUP_ITERATIONS = 3;

    /** Raw bytes per block. */
    @Param({"262144", "1048576"})
    public int blockSizeBytes;

    private final Samples cpu = new Samples();
    private final Samples wall = new Samples();
    private final SplittableRandom random = new SplittableRandom(5);
    private BenchSegment data;
    private Segment cold;
    private int iterations;

    /** Writes and compresses the segment. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        data = BenchSegment.create();
        Path file = data.directory.resolve("00000000000000000001-00000001.q.zst");
        try (Segment hot = Segment.open(data.store, data.hot, data.access)) {
            new SegmentCompression(data.store, data.access)
                    .compress(hot, file, new CompressionOptions(blockSizeBytes, CompressionOptions.DEFAULT_LEVEL));
        }
        cold = Segment.open(data.store, file, data.access);
    }

    /** One record: cursor, seek by the sparse index, one block decompressed, the record found. */
    @Benchmark
    public long readOne() {
        long sequence = random.nextLong(data.recordCount);
        long wallStart = System.nanoTime();
        long start = ThreadCpu.nowNs();
        long sum;
        try (SegmentCursor cursor = cold.cursor()) {
            cursor.seekSequence(sequence);
            if (!cursor.next() || cursor.record().sequence() != sequence) {
                throw new IllegalStateException("record " + sequence + " was not found");
            }
            sum = cursor.record().valueLength();
        }
        cpu.add(ThreadCpu.nowNs() - start);
        wall.add(System.nanoTime() - wallStart);
        return sum;
    }

    /** Forgets what was measured while the JVM warmed up. */
    @Setup(Level.Iteration)
    public void dropWarmup() {
        if (iterations++ == WARMUP_ITERATIONS) {
            cpu.clear();
            wall.clear();
        }
    }

    /** Prints quantiles of the thread's CPU time, and of the wall clock beside them. */
    @TearDown(Level.Trial)
    public void report() throws IOException {
        System.out.printf(
                "%nRESULT point read block=%d: CPU us p50=%.0f p99=%.0f; wall us p50=%.0f p99=%.0f%n",
                blockSizeBytes,
                cpu.quantile(0.5) / 1e3,
                cpu.quantile(0.99) / 1e3,
                wall.quantile(0.5) / 1e3,
                wall.quantile(0.99) / 1e3);
        cold.close();
        data.close();
    }
}
