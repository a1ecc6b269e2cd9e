package io.firn.series.codec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** Series of the real data in the test resources, see the README beside them. Thread-safe: no state. */
public final class RealSeries {
    private static final List<String> FILES = List.of("seattle-weather-hourly-normals.csv.gz", "sp500-2000.csv.gz");

    private RealSeries() {}

    /** The numeric columns of all files, in file order, by {@code file:column}. */
    public static Map<String, double[]> all() {
        Map<String, double[]> series = new LinkedHashMap<>();
        for (String file : FILES) {
            read(file, series);
        }
        return series;
    }

    private static void read(String file, Map<String, double[]> series) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(
                        Objects.requireNonNull(RealSeries.class.getResourceAsStream("/series/" + file), file)),
                StandardCharsets.UTF_8))) {
            List<String[]> rows = reader.lines().map(line -> line.split(",")).collect(Collectors.toList());
            String[] names = rows.remove(0);
            for (int i = 1; i < names.length; i++) {
                int column = i;
                series.put(
                        file.replaceAll("-.*", "") + ":" + names[i],
                        rows.stream()
                                .mapToDouble(row -> Double.parseDouble(row[column]))
                                .toArray());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
