package io.firn.bench;

import io.firn.series.SeriesStore;
import io.firn.series.SeriesTier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Bytes on the disk of the same series: a store WARM and COLD (its whole directory: index, checksums, manifest), Apache
 * TsFile with every lossless encoding and every compression, and Prometheus' TSDB. Everything is read back and compared
 * bit by bit before it counts; a TsFile setting that does not give every bit back is named and left out.
 *
 * <p>Arguments: series, samples of each, settings of TsFile such as CAMEL+ZSTD (without: all of them). Fails when COLD
 * is not the smallest of all on some data.
 */
public final class SeriesSizeComparison {
    private static final int ROWS = 1_000;
    private static final int SERIES_OF_BATCH = 100;
    private static final String COLD = "Firn COLD";

    private SeriesSizeComparison() {}

    /** Runs the comparison. */
    public static void main(String[] arguments) throws IOException {
        int series = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
        int samples = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
        List<TsFileSeries> settings = TsFileSeries.all().stream()
                .filter(setting -> arguments.length < 3 || List.of(arguments).contains(setting.toString()))
                .toList();
        List<SeriesData> all = new ArrayList<>(SeriesData.generated(series, samples));
        all.addAll(SeriesData.real());
        List<String> lost = new ArrayList<>();
        for (SeriesData data : all) {
            if (!compare(data, settings)) {
                lost.add(data.name());
            }
        }
        if (!lost.isEmpty()) {
            throw new IllegalStateException(COLD + " is not the smallest on " + lost);
        }
    }

    private static boolean compare(SeriesData data, List<TsFileSeries> settings) throws IOException {
        System.out.printf(
                "%n%s: %d series, %d samples, 10 s apart%n", data.name(), data.series(), data.samples());
        Map<String, Long> sizes = new LinkedHashMap<>();
        firn(data, sizes);
        for (TsFileSeries setting : settings) {
            OptionalLong size = tsFile(data, setting);
            size.ifPresent(bytes -> sizes.put("TsFile " + setting, bytes));
        }
        Promtool.size(data).ifPresent(bytes -> sizes.put("Prometheus", bytes));
        sizes.forEach((name, bytes) ->
                System.out.printf("  %-26s %12d B %8.3f B/sample%n", name, bytes, (double) bytes / data.samples()));
        String best = sizes.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("TsFile"))
                .min(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        long cold = sizes.getOrDefault(COLD, 0L);
        System.out.printf(
                "RESULT %s: COLD %.3f, WARM %.3f, best TsFile (%s) %.3f, Prometheus %.3f B/sample%n",
                data.name(),
                (double) cold / data.samples(),
                (double) sizes.getOrDefault("Firn WARM", 0L) / data.samples(),
                best,
                (double) sizes.getOrDefault(best, 0L) / data.samples(),
                (double) sizes.getOrDefault("Prometheus", 0L) / data.samples());
        return sizes.entrySet().stream().allMatch(entry -> entry.getKey().startsWith("Firn") || entry.getValue() > cold);
    }

    private static void firn(SeriesData data, Map<String, Long> sizes) throws IOException {
        Path directory = Files.createTempDirectory("firn-bench-series");
        try {
            try (SeriesStore store = FirnSeries.open(directory, "flush")) {
                new FirnSeries(data).write(store, ROWS, SERIES_OF_BATCH);
                store.compact();
                check(store, data);
            }
            sizes.put("Firn WARM", sizeBytes(directory));
            long encoded;
            try (SeriesStore store = FirnSeries.open(directory, "flush")) {
                long start = ThreadCpu.nowNs();
                List<String> errors = store.compress().errors();
                System.out.printf("  compress(): %.0f ns CPU a sample%n", (double) (ThreadCpu.nowNs() - start) / data.samples());
                if (!errors.isEmpty()) {
                    throw new IllegalStateException(errors.toString());
                }
                check(store, data);
                encoded = store.stats().tier(SeriesTier.COLD).encodedBytes();
            }
            sizes.put(COLD, sizeBytes(directory));
            System.out.printf("  records of the cold block before zstd: %d B%n", encoded);
            print(directory);
        } finally {
            SideBySide.delete(directory);
        }
    }

    private static void check(SeriesStore store, SeriesData data) {
        long found = FirnSeries.read(store, new SampleCheck.Exact(data));
        if (found != data.samples()) {
            throw new IllegalStateException("Firn read " + found + " of " + data.samples() + " samples");
        }
    }

    private static void print(Path directory) {
        forEachFile(directory, (path, bytes) -> {
            if (bytes > 0) {
                System.out.printf("    %8d %s%n", bytes, directory.relativize(path));
            }
        });
    }

    private static OptionalLong tsFile(SeriesData data, TsFileSeries setting) throws IOException {
        Path directory = Files.createTempDirectory("firn-bench-tsfile");
        try {
            setting.write(directory, data, ROWS);
            long found = TsFileSeries.read(directory, data, new SampleCheck.Exact(data));
            if (found != data.samples()) {
                throw new IllegalStateException("read " + found + " of " + data.samples() + " samples");
            }
            return OptionalLong.of(sizeBytes(directory));
        } catch (IllegalStateException | IOException | UnsupportedOperationException notExact) {
            System.out.printf("  TsFile %s is left out: %s%n", setting, notExact.getMessage());
            return OptionalLong.empty();
        } finally {
            SideBySide.delete(directory);
        }
    }

    /** What is done with a file of so many bytes. */
    private interface FileVisit {
        void visit(Path path, long bytes);
    }

    private static void forEachFile(Path directory, FileVisit visit) {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
                visit.visit(path, Files.size(path));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes of all files below a directory. */
    static long sizeBytes(Path directory) {
        long[] sum = {0};
        forEachFile(directory, (path, bytes) -> sum[0] += bytes);
        return sum[0];
    }
}
