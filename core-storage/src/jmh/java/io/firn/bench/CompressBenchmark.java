package io.firn.bench;

import com.github.luben.zstd.ZstdCompressCtx;
import io.firn.fs.StoreFile;
import io.firn.segment.CompressionOptions;
import io.firn.segment.Segment;
import io.firn.segment.SegmentCompression;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
 * The compress step and the whole compression with verification against bare zstd-jni on the same bytes, side by side
 * in one iteration. What counts is the thread's CPU time; medians, and medians of the ratios within an iteration,
 * are printed at the end of a trial.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = CompressBenchmark.WARMUP_ITERATIONS)
@Measurement(iterations = 15)
@Fork(1)
public class CompressBenchmark {
    static final int WARMUP_ITERATIONS = 5;
    private static final int FRAME_CRC_OFFSET = 4;
    private static final int FRAME_ALIGNMENT = 8;

    /** Raw bytes per block. */
    @Param({"262144", "1048576"})
    public int blockSizeBytes;

    /** zstd level. */
    @Param("3")
    public int level;

    private final Samples bare = new Samples();
    private final Samples written = new Samples();
    private final Samples step = new Samples();
    private final Samples writtenPermille = new Samples();
    private final Samples whole = new Samples();
    private final Samples stepPermille = new Samples();
    private final Samples wholePermille = new Samples();
    private BenchSegment data;
    private ByteBuffer raw;
    private ByteBuffer compressed;
    private int bareBytes;
    private long coldBytes;
    private int iterations;

    /** Writes the segment and prepares the bytes that bare zstd gets: the frames without their checksums. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        data = BenchSegment.create();
        try (Segment hot = Segment.open(data.store, data.hot, data.access)) {
            int bytes = (int) (hot.dataEnd() - hot.dataStart());
            raw = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
            hot.readAt(hot.dataStart(), raw);
        }
        for (int at = 0; at < raw.capacity(); ) {
            raw.putInt(at + FRAME_CRC_OFFSET, 0);
            at += (raw.getInt(at) + FRAME_ALIGNMENT - 1) & -FRAME_ALIGNMENT;
        }
        compressed = ByteBuffer.allocateDirect(blockSizeBytes * 2);
    }

    /** One round of all three; JMH's own figure is their sum, the printed ratios are the result. */
    @Benchmark
    public long sideBySide() {
        long start = ThreadCpu.nowNs();
        bareBytes = compressBare(null);
        long afterBare = ThreadCpu.nowNs();
        Path bareFile = data.directory.resolve("bare" + iterations);
        try (StoreFile file = data.store.createExclusively(bareFile).orElseThrow()) {
            compressBare(file);
        }
        long afterWritten = ThreadCpu.nowNs();
        data.store.delete(bareFile);
        Path stepFile = data.directory.resolve("step" + iterations);
        Path wholeFile = data.directory.resolve("whole" + iterations++);
        long afterStep;
        long beforeStep;
        SegmentCompression compression = new SegmentCompression(data.store, data.access);
        CompressionOptions options = new CompressionOptions(blockSizeBytes, level);
        try (Segment hot = Segment.open(data.store, data.hot, data.access);
                StoreFile file = data.store.createExclusively(stepFile).orElseThrow()) {
            beforeStep = ThreadCpu.nowNs();
            coldBytes = compression.write(hot, file, options);
            afterStep = ThreadCpu.nowNs();
            compression.compress(hot, wholeFile, options);
        }
        long afterWhole = ThreadCpu.nowNs();
        data.store.delete(stepFile);
        data.store.delete(wholeFile);
        bare.add(afterBare - start);
        written.add(afterWritten - afterBare);
        writtenPermille.add((afterStep - beforeStep) * 1_000 / (afterWritten - afterBare));
        step.add(afterStep - beforeStep);
        whole.add(afterWhole - afterStep);
        stepPermille.add((afterStep - beforeStep) * 1_000 / (afterBare - start));
        wholePermille.add((afterWhole - afterStep) * 1_000 / (afterBare - start));
        return coldBytes;
    }

    private int compressBare(@Nullable StoreFile file) {
        int total = 0;
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            context.setLevel(level).setChecksum(true).setContentSize(true);
            for (int at = 0; at < raw.capacity(); at += blockSizeBytes) {
                int bytes = Math.min(blockSizeBytes, raw.capacity() - at);
                int size = context.compressDirectByteBuffer(compressed, 0, compressed.capacity(), raw, at, bytes);
                if (file != null) {
                    file.write(compressed.duplicate().limit(size), total);
                }
                total += size;
            }
        }
        return total;
    }

    /** Forgets what was measured while the JVM warmed up. */
    @Setup(Level.Iteration)
    public void dropWarmup() {
        if (iterations == WARMUP_ITERATIONS) {
            bare.clear();
            written.clear();
            writtenPermille.clear();
            step.clear();
            whole.clear();
            stepPermille.clear();
            wholePermille.clear();
        }
    }

    /** Prints medians and ratios. */
    @TearDown(Level.Trial)
    public void report() throws IOException {
        double bareMs = bare.quantile(0.5) / 1e6;
        double stepMs = step.quantile(0.5) / 1e6;
        double wholeMs = whole.quantile(0.5) / 1e6;
        System.out.printf(
                "%nRESULT compress block=%d level=%d: CPU ms bare=%.1f bare written to a file=%.1f"
                        + " step=%.1f (%.3fx, %.3fx of written) whole=%.1f (%.3fx);"
                        + " bytes raw=%d bare=%d cold=%d%n",
                blockSizeBytes,
                level,
                bareMs,
                written.quantile(0.5) / 1e6,
                stepMs,
                stepPermille.quantile(0.5) / 1e3,
                writtenPermille.quantile(0.5) / 1e3,
                wholeMs,
                wholePermille.quantile(0.5) / 1e3,
                raw.capacity(),
                bareBytes,
                coldBytes);
        data.close();
    }
}
