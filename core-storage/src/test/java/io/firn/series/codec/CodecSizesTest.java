package io.firn.series.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How small columns become; prints bytes for each value or timestamp, by codec and series. */
class CodecSizesTest {
    private static final double WARM_GOAL_BYTES = 1.8;
    private static final double COLD_GOAL_BYTES = 1.55;
    /** A constant vector stays one although two bytes fewer are possible. */
    private static final double CONSTANT_BYTES = (double) Double.BYTES / ChunkFormat.MAX_SAMPLES;

    private static final double REGULAR_GOAL_BYTES = 0.03;

    @Test
    void adaptiveIsNeverLargerThanAnyCodecAndMeetsTheGoalOnRealSeries() {
        StringBuilder table = new StringBuilder(String.format("%n%-22s", "B/value, vector 1024"));
        for (ValueCodec codec : ValueCodec.values()) {
            table.append(String.format("%12s", codec));
        }
        double logarithms = 0;
        Map<String, double[]> real = RealSeries.all();
        for (Map.Entry<String, double[]> series : CodecSizes.series().entrySet()) {
            table.append(String.format("%n%-22s", series.getKey()));
            double adaptive = CodecSizes.ofValues(series.getValue(), ValueCodec.ADAPTIVE, ChunkFormat.MAX_SAMPLES);
            for (ValueCodec codec : ValueCodec.values()) {
                double size = CodecSizes.ofValues(series.getValue(), codec, ChunkFormat.MAX_SAMPLES);
                table.append(String.format("%12.3f", size));
                assertThat(adaptive)
                        .as("%s, %s", series.getKey(), codec)
                        .isLessThanOrEqualTo(Math.max(size, CONSTANT_BYTES));
            }
            table.append(String.format(
                    "   120: %.3f",
                    CodecSizes.ofValues(series.getValue(), ValueCodec.ADAPTIVE, ChunkFormat.HEAD_SAMPLES)));
            logarithms += real.containsKey(series.getKey()) ? Math.log(adaptive) : 0;
        }
        double geometricMean = Math.exp(logarithms / real.size());
        System.out.printf("%s%nWARM geometric mean of the real series: %.3f%n", table, geometricMean);
        assertThat(geometricMean).isLessThan(WARM_GOAL_BYTES);
    }

    @Test
    void regularTimestampsCostAlmostNothing() {
        StringBuilder table = new StringBuilder(String.format("%n%-22s", "B/timestamp, 1024"));
        for (TimestampCodec codec : TimestampCodec.values()) {
            table.append(String.format("%15s", codec));
        }
        for (TimestampFamily family : TimestampFamily.values()) {
            long[] timestamps = family.timestamps(new SplittableRandom(1), CodecSizes.SYNTHETIC_COUNT);
            table.append(String.format("%n%-22s", family));
            for (TimestampCodec codec : TimestampCodec.values()) {
                double size = CodecSizes.ofTimestamps(timestamps, codec, ChunkFormat.MAX_SAMPLES);
                table.append(String.format("%15.3f", size));
                if (family == TimestampFamily.REGULAR && codec == TimestampCodec.ADAPTIVE) {
                    assertThat(size).isLessThan(REGULAR_GOAL_BYTES);
                }
            }
        }
        System.out.println(table);
    }

    @Test
    void groupsAreSmallerThanVectorsAndMeetTheGoalOnRealSeries() {
        StringBuilder table = new StringBuilder(String.format("%n%-22s%10s%10s", "B/value", "WARM", "COLD"));
        double logarithms = 0;
        Map<String, double[]> real = RealSeries.all();
        for (Map.Entry<String, double[]> series : CodecSizes.series().entrySet()) {
            double warm = CodecSizes.ofValues(series.getValue(), ValueCodec.ADAPTIVE, ChunkFormat.MAX_SAMPLES);
            CodecSizes.Cold cold = CodecSizes.ofGroups(series.getValue());
            table.append(String.format("%n%-22s%10.3f%10.3f  %s", series.getKey(), warm, cold.bytes(), cold.layouts()));
            logarithms += real.containsKey(series.getKey()) ? Math.log(cold.bytes()) : 0;
        }
        double geometricMean = Math.exp(logarithms / real.size());
        System.out.printf("%s%nCOLD geometric mean of the real series: %.3f%n", table, geometricMean);
        assertThat(geometricMean).isLessThan(COLD_GOAL_BYTES);
    }
}
