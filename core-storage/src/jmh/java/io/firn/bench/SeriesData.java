package io.firn.bench;

import io.firn.series.codec.RealSeries;
import io.firn.series.codec.ValueFamily;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Some series of equal timestamps, 10 s apart, in memory.
 *
 * @param name what the tables call it
 * @param timestamps milliseconds, ascending
 * @param values for each series as many values
 */
@SuppressWarnings("ArrayRecordComponent") // held for reading only
record SeriesData(String name, long[] timestamps, double[][] values) {
    private static final long START_MS = 1_700_000_000_000L;
    private static final long STEP_MS = 10_000;
    private static final List<ValueFamily> GENERATORS =
            List.of(ValueFamily.INTEGER_WALK, ValueFamily.GAUGE_TWO_DECIMALS, ValueFamily.COUNTER);

    int series() {
        return values.length;
    }

    /** Samples of all series. */
    long samples() {
        return (long) series() * timestamps.length;
    }

    /** Copies a part of one series to arrays that are used again: they come from an application's buffer. */
    void copy(int series, int from, long[] targetTimestamps, double[] targetValues) {
        System.arraycopy(timestamps, from, targetTimestamps, 0, targetTimestamps.length);
        System.arraycopy(values[series], from, targetValues, 0, targetValues.length);
    }

    /** Generated series of the three usual kinds. */
    static List<SeriesData> generated(int series, int samples) {
        return GENERATORS.stream()
                .map(family -> generated(family, series, samples))
                .toList();
    }

    static SeriesData generated(ValueFamily family, int series, int samples) {
        SplittableRandom random = new SplittableRandom(family.ordinal());
        double[][] values = new double[series][];
        Arrays.setAll(values, i -> family.values(random, samples));
        return new SeriesData(family.name(), regular(samples), values);
    }

    /** The columns of each file of the test resources. */
    static List<SeriesData> real() {
        Map<String, List<double[]>> files = new LinkedHashMap<>();
        RealSeries.all()
                .forEach((name, values) -> files.computeIfAbsent(
                                name.substring(0, name.indexOf(':')), file -> new ArrayList<>())
                        .add(values));
        return files.entrySet().stream()
                .map(file -> new SeriesData(
                        file.getKey(),
                        regular(file.getValue().get(0).length),
                        file.getValue().toArray(new double[0][])))
                .toList();
    }

    private static long[] regular(int count) {
        return LongStream.range(0, count).map(i -> START_MS + i * STEP_MS).toArray();
    }
}
