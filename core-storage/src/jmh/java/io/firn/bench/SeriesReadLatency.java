package io.firn.bench;

import io.firn.cache.CacheHierarchy;
import io.firn.cache.CacheOptions;
import io.firn.fs.BufferPool;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.series.LabelMatcher;
import io.firn.series.Labels;
import io.firn.series.SampleCursor;
import io.firn.series.SeriesBatch;
import io.firn.series.SeriesCursor;
import io.firn.series.SeriesOption;
import io.firn.series.SeriesStore;
import io.firn.series.SeriesStoreOptions;
import io.firn.series.SeriesType;
import io.firn.series.TimeRange;
import io.firn.table.TableEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * How long it takes to select an hour of one series of a compressed block: from the cache, from the page cache of the
 * operating system, and from the disk (GNU {@code dd} drops the page cache of the files before each read). Wall time of
 * the whole selection, with opening and closing its cursor. Arguments: reads.
 */
public final class SeriesReadLatency {
    private static final int SERIES = 2_000;
    private static final int SAMPLES = 5_000;
    private static final int STEP_MS = 10_000;
    private static final int RANGE_MS = 3_600_000;
    private static final int BATCH_SAMPLES = 500;

    private final Path directory;
    private final int reads;
    private long found;

    private SeriesReadLatency(Path directory, int reads) {
        this.directory = directory;
        this.reads = reads;
    }

    /** Makes a store and reads it. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int reads = arguments.length == 0 ? 1_000 : Integer.parseInt(arguments[0]);
        Path directory = Files.createTempDirectory(Path.of("target"), "bench-series");
        SeriesReadLatency latency = new SeriesReadLatency(directory, reads);
        latency.write();
        latency.measure("from the cache", "256MiB", 40, false);
        latency.measure("without cache, files in the page cache", "0", SERIES, false);
        latency.measure("without cache, page cache dropped", "0", SERIES, true);
        SideBySide.delete(directory);
    }

    private void write() {
        SplittableRandom random = new SplittableRandom(1);
        double[] last = new double[SERIES];
        SeriesStoreOptions options = SeriesStoreOptions.builder()
                .set(SeriesOption.COMMIT_EVERY, "flush")
                .set(SeriesOption.HEAD_MAX_SAMPLES, "20000000")
                .set(SeriesOption.HEAD_MAX_BYTES, "1GiB")
                .build();
        try (SeriesStore store = SeriesStore.open(directory.resolve("store"), options)) {
            for (int from = 0; from < SAMPLES; from += BATCH_SAMPLES) {
                SeriesBatch batch = new SeriesBatch();
                for (int series = 0; series < SERIES; series++) {
                    for (int i = from; i < from + BATCH_SAMPLES; i++) {
                        last[series] += random.nextInt(-20, 21);
                        batch.add(labels(series), SeriesType.GAUGE, (long) i * STEP_MS, last[series] / 100);
                    }
                }
                store.write(batch);
            }
            store.cut();
            store.compress();
        }
    }

    private static Labels labels(int series) {
        return Labels.of("__name__", "walk", "n", Integer.toString(series));
    }

    private void measure(String state, String cacheBytes, int readSeries, boolean drop)
            throws IOException, InterruptedException {
        CacheOptions cacheOptions = CacheOptions.fromProperties(Map.of("l1.max.bytes", cacheBytes));
        SplittableRandom random = new SplittableRandom(2);
        Samples samples = new Samples();
        try (CacheHierarchy cache = CacheHierarchy.open(
                        LocalFileStore.open(IoMode.AUTO), cacheOptions, BufferPool.withDefaultBound());
                SeriesStore store = SeriesStore.open(
                        directory.resolve("store"),
                        SeriesStoreOptions.builder()
                                .environment(TableEnvironment.system().withCache(cache))
                                .build())) {
            for (int i = -reads / 2; i < reads; i++) {
                if (drop) {
                    dropPageCache();
                }
                long begunNs = System.nanoTime();
                found += read(store, random.nextInt(readSeries), random);
                if (i >= 0) {
                    samples.add(System.nanoTime() - begunNs);
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "RESULT an hour of a cold series, %s: p50 %.3f ms, p99 %.3f ms; cache hits %d, loads %d%n",
                    state,
                    samples.quantile(0.5) / 1e6,
                    samples.quantile(0.99) / 1e6,
                    cache.stats().l1().hits(),
                    cache.stats().loads());
        }
    }

    private static int read(SeriesStore store, int series, SplittableRandom random) {
        long from = random.nextLong((long) SAMPLES * STEP_MS - RANGE_MS);
        int count = 0;
        List<LabelMatcher> matchers = List.of(LabelMatcher.equal("n", Integer.toString(series)));
        try (SeriesCursor cursor = store.select(matchers, new TimeRange(from, from + RANGE_MS))) {
            while (cursor.next()) {
                SampleCursor samples = cursor.samples();
                while (samples.next()) {
                    count++;
                }
            }
        }
        if (count != RANGE_MS / STEP_MS) {
            throw new IllegalStateException("found " + count + " samples");
        }
        return count;
    }

    private void dropPageCache() throws IOException, InterruptedException {
        try (Stream<Path> files = Files.walk(directory.resolve("store"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.toString().endsWith(".q.zst")) {
                    int code = new ProcessBuilder("dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor();
                    if (code != 0) {
                        throw new IOException("dd ended with code " + code);
                    }
                }
            }
        }
    }
}
