package io.firn.soak;

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
import io.firn.series.SeriesStats;
import io.firn.series.SeriesStore;
import io.firn.series.SeriesStoreOptions;
import io.firn.series.SeriesType;
import io.firn.series.TimeRange;
import io.firn.table.TableEnvironment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A process in which writers, readers, deletions and all maintenance work on one series store, with a cache that is much
 * smaller than the data; readers check every sample. Goes on for the given time and until every operation has run. Prints
 * what it holds, and statistics at its end. Arguments: directory, seconds, seed.
 */
public final class SeriesSoak {
    static final String USAGE = "usage ";
    static final String STATS = "stats ";
    static final String READ = "read ";

    private static final int WRITERS = 2;
    private static final int READERS = 2;
    private static final int SERIES = 25;
    /** Timestamps, milliseconds, that a batch has for each series. */
    private static final int BATCH_MS = 200;

    private static final int WRITE_PAUSE_MS = 15;
    private static final int MAINTAIN_PAUSE_MS = 100;
    private static final long RETENTION_MS = 20_000;
    /** Readers ask for no more than this: younger than what retention removes, whichever writer is behind. */
    private static final long CHECKED_MS = 15_000;

    private static final int USAGES = 30;

    private final SeriesStore store;
    private final Path path;
    private final List<AtomicLong> written = new ArrayList<>();
    private final AtomicLong checkedSamples = new AtomicLong();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private SeriesSoak(SeriesStore store, Path path) {
        this.store = store;
        this.path = path;
        for (int writer = 0; writer < WRITERS; writer++) {
            written.add(new AtomicLong());
        }
    }

    /** The process. */
    public static void main(String[] arguments) throws Exception {
        Path path = Path.of(arguments[0]);
        int seconds = Integer.parseInt(arguments[1]);
        CacheOptions options = CacheOptions.fromProperties(Map.of(
                "l1.max.bytes", "2MiB",
                "l2.path", path.resolveSibling("cache").toString(),
                "l2.max.bytes", "8MiB"));
        LocalFileStore files = LocalFileStore.open(IoMode.AUTO);
        try (CacheHierarchy cache = CacheHierarchy.open(files, options, BufferPool.withDefaultBound());
                SeriesStore store = SeriesStore.open(path, options(cache))) {
            new SeriesSoak(store, path).run(seconds, new SplittableRandom(Long.parseLong(arguments[2])));
            System.out.println("cache " + cache.stats());
        }
    }

    private static SeriesStoreOptions options(CacheHierarchy cache) {
        return SeriesStoreOptions.builder()
                .environment(TableEnvironment.system().withCache(cache))
                .set(SeriesOption.SEGMENT_SIZE, "512KiB")
                .set(SeriesOption.HEAD_MAX_SAMPLES, "100000")
                .set(SeriesOption.RETENTION, RETENTION_MS / 1_000 + "s")
                .set(SeriesOption.RETENTION_REFERENCE, "newest")
                .set(SeriesOption.COMPACT_MAX_DURATION, "10s")
                .set(SeriesOption.COLD_AFTER, "500ms")
                .set(SeriesOption.PROMOTE_READS, "50")
                .set(SeriesOption.INDEX_CACHE_BYTES, "64KiB")
                .build();
    }

    private interface Step {
        /** Returns after how many milliseconds it wants to run again. */
        long run(RandomGenerator random);
    }

    private void run(int seconds, SplittableRandom random) throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            threads.add(start("writer-" + i, random.split(), any -> write(writer)));
        }
        for (int i = 0; i < READERS; i++) {
            threads.add(start("reader-" + i, random.split(), this::read));
        }
        threads.add(start("maintainer", random.split(), this::maintain));
        long pauseMs = Math.max(1, seconds * 1_000L / USAGES);
        boolean ended = false;
        while (!ended && !everyOperationHasRun()) {
            ended = stopped.await(pauseMs, TimeUnit.MILLISECONDS); // what begins late would look like growth
        }
        for (int i = 0; !ended && i < USAGES; i++) {
            ended = stopped.await(pauseMs, TimeUnit.MILLISECONDS);
            System.out.println(USAGE + ResourceUsage.now(path));
        }
        stopped.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a thread failed", failed);
        }
        System.out.println(READ + checkedSamples);
        System.out.println(STATS + store.stats().toJson());
    }

    /** On a busy machine the time may be over before that. */
    private boolean everyOperationHasRun() {
        SeriesStats stats = store.stats();
        return stats.operations().cuts() > 0
                && stats.operations().compactions() > 0
                && stats.reads().chunksRead() > 0;
    }

    private Thread start(String name, RandomGenerator random, Step step) {
        Thread thread = new Thread(
                () -> {
                    try {
                        boolean over = false;
                        while (!over) {
                            over = stopped.await(step.run(random), TimeUnit.MILLISECONDS);
                        }
                    } catch (Exception | Error failed) {
                        failure.compareAndSet(null, failed);
                        stopped.countDown();
                    }
                },
                name);
        thread.start();
        return thread;
    }

    private long write(int writer) {
        long from = written.get(writer).get();
        SeriesBatch batch = new SeriesBatch();
        for (int series = 0; series < SERIES; series++) {
            for (long timestamp = from; timestamp < from + BATCH_MS; timestamp++) {
                batch.add(labels(writer, series), SeriesType.GAUGE, timestamp, value(writer, series, timestamp));
            }
            batch.add(Labels.of("t", "gone", "n", "n" + series), SeriesType.GAUGE, from, (double) from);
        }
        store.write(batch);
        written.get(writer).set(from + BATCH_MS);
        return WRITE_PAUSE_MS;
    }

    private static Labels labels(int writer, int series) {
        return Labels.of("n", "n" + series, "w", "w" + writer);
    }

    private static double value(int writer, int series, long timestamp) {
        return (timestamp * 31 + series * 7L + writer) % 10_007 / 4.0;
    }

    private long read(RandomGenerator random) {
        int writer = random.nextInt(WRITERS);
        int series = random.nextInt(SERIES);
        long newest = written.stream().mapToLong(AtomicLong::get).max().orElseThrow();
        long end = written.get(writer).get();
        long from = Math.max(0, newest - 1 - random.nextLong(CHECKED_MS));
        if (from >= end) {
            return 1;
        }
        List<LabelMatcher> matchers =
                List.of(LabelMatcher.equal("w", "w" + writer), LabelMatcher.regex("n", "n" + series));
        long expected = from;
        try (SeriesCursor cursor = store.select(matchers, new TimeRange(from, end))) {
            while (cursor.next()) {
                SampleCursor samples = cursor.samples();
                for (; samples.next(); expected++) {
                    if (samples.timestamp() != expected
                            || samples.value() != value(writer, series, samples.timestamp())) {
                        throw new AssertionError(cursor.labels() + ": " + samples.value() + " at " + samples.timestamp()
                                + ", expected " + expected);
                    }
                }
            }
        }
        if (expected != end) {
            throw new AssertionError("writer " + writer + ", series " + series + ": " + expected + " is missing, read "
                    + from + " to " + end);
        }
        checkedSamples.addAndGet(end - from);
        return 1;
    }

    private long maintain(RandomGenerator random) {
        switch (random.nextInt(12)) {
            case 0 -> store.compact();
            case 1 -> store.cut();
            case 2 -> store.delete(List.of(LabelMatcher.equal("t", "gone")), TimeRange.ALL);
            case 3 -> store.compress();
            case 4 -> store.decompress();
            case 5 -> store.seriesCount();
            default -> {
                if (store.maintain().failures() > 0) {
                    throw new AssertionError(
                            "maintenance: " + store.stats().operations().lastFailure());
                }
            }
        }
        return MAINTAIN_PAUSE_MS;
    }
}
