package io.firn.bench;

import com.github.luben.zstd.Zstd;
import io.firn.segment.SampleRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;

/**
 * What each zstd level costs and saves: one week of flights as a hot segment, in blocks of 1 MiB, CPU of the thread.
 *
 * <p>Arguments: rounds.
 */
public final class LevelComparison {
    private static final int BLOCK_BYTES = 1 << 20;
    private static final int[] LEVELS = {1, 2, 3, 5, 7, 9, 12, 15, 19, 22};
    private static final double MIB = 1 << 20;

    private LevelComparison() {}

    /** Runs the comparison. */
    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        byte[] hot;
        try (SampleSegments segments = SampleSegments.of(SampleRecords.flightsInJson())) {
            hot = Files.readAllBytes(segments.hot);
        }
        for (int level : LEVELS) {
            long[] nanos = new long[rounds];
            long compressed = 0;
            long decompressNanos = 0;
            for (int round = 0; round < rounds; round++) {
                compressed = 0;
                decompressNanos = 0;
                for (int at = 0; at < hot.length; at += BLOCK_BYTES) {
                    byte[] block = Arrays.copyOfRange(hot, at, Math.min(hot.length, at + BLOCK_BYTES));
                    long start = ThreadCpu.nowNs();
                    byte[] made = Zstd.compress(block, level);
                    nanos[round] += ThreadCpu.nowNs() - start;
                    compressed += made.length;
                    start = ThreadCpu.nowNs();
                    Zstd.decompress(made, block.length);
                    decompressNanos += ThreadCpu.nowNs() - start;
                }
            }
            Arrays.sort(nanos);
            System.out.printf(
                    "RESULT level %2d: %.3f of the bytes, %6.1f MiB/s compress, %6.0f MiB/s decompress%n",
                    level,
                    (double) compressed / hot.length,
                    hot.length / MIB / (nanos[rounds / 2] / 1e9),
                    hot.length / MIB / (decompressNanos / 1e9));
        }
    }
}
