package io.firn.series;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A process that writes ten samples of very many series, asks for a few of them with three matchers, and does so again
 * when they are in a block, and again when that is compressed. Prints {@code name=value}. Arguments: directory, series.
 */
public final class ManySeries {
    private static final int SAMPLES = 10;
    private static final int BATCH_SERIES = 5_000;
    private static final int QUERIES = 300;
    private static final long START_MS = 1_700_000_000_000L;
    private static final long STEP_MS = 15_000;

    private final int series;
    private final SeriesStore store;

    private ManySeries(int series, SeriesStore store) {
        this.series = series;
        this.store = store;
    }

    /** The process. */
    public static void main(String[] arguments) throws IOException {
        int series = Integer.parseInt(arguments[1]);
        SeriesStoreOptions options = SeriesStoreOptions.builder()
                .set(SeriesOption.COMMIT_EVERY, "flush")
                .set(SeriesOption.HEAD_MAX_SAMPLES, "20000000")
                .set(SeriesOption.HEAD_MAX_BYTES, "1GiB")
                .set(SeriesOption.INDEX_CACHE_BYTES, "256MiB")
                .build();
        Path path = Path.of(arguments[0]);
        print("baseHeapMiB", usedMiB());
        long begunNs = System.nanoTime();
        try (SeriesStore store = SeriesStore.open(path, options)) {
            new ManySeries(series, store).run();
        }
        print("seconds", (System.nanoTime() - begunNs) / 1_000_000_000);
        print("peakResidentMiB", peakResidentMiB());
        reopen(path, options);
    }

    private static void reopen(Path path, SeriesStoreOptions options) {
        long begunNs = System.nanoTime();
        try (SeriesStore store = SeriesStore.open(path, options)) {
            print("reopenMs", (System.nanoTime() - begunNs) / 1_000_000);
            print("reopenedSeries", store.seriesCount());
        }
    }

    private void run() throws IOException {
        long begunNs = System.nanoTime();
        for (int sample = 0; sample < SAMPLES; sample++) {
            write(sample);
        }
        store.flush();
        long writtenNs = System.nanoTime() - begunNs;
        print("writtenPerSecond", (long) ((double) series * SAMPLES / writtenNs * 1e9));
        print("headSeries", store.stats().head().series());
        print("headSamples", store.stats().head().samples());
        print("headHeapMiB", usedMiB());
        print("headOwnFigureMiB", store.stats().head().heapBytes() >> 20);
        print("headResidentMiB", residentMiB());
        query("head");
        begunNs = System.nanoTime();
        store.cut();
        print("cutMs", (System.nanoTime() - begunNs) / 1_000_000);
        query("warm");
        print("warmHeapMiB", usedMiB());
        store.compress();
        query("cold");
        print("blockSeries", store.seriesCount());
    }

    private void write(int sample) {
        for (int from = 0; from < series; from += BATCH_SERIES) {
            SeriesBatch batch = new SeriesBatch();
            for (int i = from; i < Math.min(series, from + BATCH_SERIES); i++) {
                batch.add(labels(i), SeriesType.GAUGE, START_MS + sample * STEP_MS, value(i, sample));
            }
            store.write(batch);
        }
    }

    /** Six labels; one value in each ten series is rare, as that of a pod is. */
    private static Labels labels(int number) {
        int pod = number / 10;
        return Labels.of(
                "__name__", "metric_" + number % 10,
                "cluster", "c" + pod % 20,
                "job", "job-" + pod % 7,
                "node", "node-" + pod % 1_000,
                "pod", "pod-" + Integer.toHexString(pod * 0x9E3779B9),
                "region", "region-" + pod % 3);
    }

    private static double value(int number, int sample) {
        return (number % 1_000 + sample) / 4.0;
    }

    /** Three matchers: one name, one node, not one region; as many series as the node has pods. */
    private void query(String where) {
        List<Long> durations = new ArrayList<>();
        long found = 0;
        for (int i = 0; i < QUERIES; i++) {
            List<LabelMatcher> matchers = List.of(
                    LabelMatcher.equal("__name__", "metric_" + i % 10),
                    LabelMatcher.equal("node", "node-" + i * 7 % 1_000),
                    LabelMatcher.notEqual("region", "region-9"));
            long begunNs = System.nanoTime();
            found += read(matchers);
            durations.add(System.nanoTime() - begunNs);
        }
        long[] sorted = durations.stream().mapToLong(Long::longValue).sorted().toArray();
        print(where + "QuerySamples", found / QUERIES);
        System.out.printf(Locale.ROOT, "%sQueryMedianMs=%.3f%n", where, sorted[QUERIES / 2] / 1e6);
        System.out.printf(Locale.ROOT, "%sQueryP99Ms=%.3f%n", where, sorted[QUERIES * 99 / 100] / 1e6);
        List<LabelMatcher> broad = List.of(
                LabelMatcher.equal("__name__", "metric_3"),
                LabelMatcher.regex("cluster", "c1.*"),
                LabelMatcher.notEqual("region", "region-1"));
        long begunNs = System.nanoTime();
        long samples = read(broad);
        print(where + "BroadQuerySamples", samples);
        System.out.printf(Locale.ROOT, "%sBroadQueryMs=%.3f%n", where, (System.nanoTime() - begunNs) / 1e6);
    }

    private long read(List<LabelMatcher> matchers) {
        long count = 0;
        try (SeriesCursor cursor = store.select(matchers, TimeRange.ALL)) {
            while (cursor.next()) {
                SampleCursor samples = cursor.samples();
                for (int sample = 0; samples.next(); sample++) {
                    if (samples.timestamp() != START_MS + sample * STEP_MS) {
                        throw new AssertionError(
                                cursor.labels() + ": sample " + sample + " is at " + samples.timestamp());
                    }
                    count++;
                }
            }
        }
        return count;
    }

    /** Heap after a collection. */
    private static long usedMiB() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    }

    private static long residentMiB() throws IOException {
        return status("VmRSS:");
    }

    private static long peakResidentMiB() throws IOException {
        return status("VmHWM:");
    }

    private static long status(String name) throws IOException {
        Path file = Path.of("/proc/self/status");
        if (!Files.exists(file)) {
            return -1;
        }
        return Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith(name))
                        .map(line -> line.replaceAll("[^0-9]", ""))
                        .flatMap(digits -> Arrays.stream(new long[] {Long.parseLong(digits)})
                                .boxed())
                        .findFirst()
                        .orElse(-1L)
                >> 10;
    }

    private static void print(String name, long value) {
        System.out.println(name + "=" + value);
    }
}
