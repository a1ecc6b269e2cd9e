package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real disk, all at once: readers see each series without a gap, and never less than they saw before. */
class SeriesReaderConcurrencyTest {
    private static final int BATCHES = 400;
    private static final int BATCH = 25;

    private final AtomicBoolean writing = new AtomicBoolean(true);
    private final AtomicInteger selections = new AtomicInteger();

    @Test
    void readersBesideAWriterThatCutsCompactsAndCompresses(@TempDir Path directory) throws Exception {
        SeriesStoreOptions options = SeriesStoreOptions.fromProperties(
                Map.of("commit.every", "flush", "head.max.samples", "3000", "compact.min.blocks", "2"));
        ExecutorService threads = Executors.newCachedThreadPool();
        try (SeriesStore store = SeriesStore.open(directory, options)) {
            List<Future<?>> others = new ArrayList<>();
            others.add(threads.submit(() -> read(directory, false)));
            others.add(threads.submit(() -> read(directory, true)));
            others.add(threads.submit(() -> repeat(store::cut)));
            others.add(threads.submit(() -> repeat(store::compact)));
            others.add(threads.submit(() -> repeat(store::compress)));
            threads.submit(() -> write(store)).get(300, TimeUnit.SECONDS);
            writing.set(false);
            for (Future<?> other : others) {
                other.get(300, TimeUnit.SECONDS);
            }
            try (SeriesReader reader = SeriesReader.open(directory)) {
                assertThat(length(reader, "n0")).isEqualTo(BATCHES * BATCH);
                assertThat(length(reader, "n1")).isEqualTo(BATCHES * BATCH);
            }
            assertThat(selections).hasPositiveValue();
        } finally {
            writing.set(false);
            threads.shutdownNow();
        }
    }

    private static void write(SeriesStore store) {
        for (int i = 0; i < BATCHES; i++) {
            SeriesBatch batch = new SeriesBatch();
            for (int series = 0; series < 2; series++) {
                for (int at = i * BATCH; at < (i + 1) * BATCH; at++) {
                    batch.add(StoreFixture.series(series), SeriesType.COUNTER, at, 3.0 * at);
                }
            }
            store.write(batch);
            store.flush();
        }
    }

    private Object repeat(Runnable act) {
        while (writing.get()) {
            act.run();
        }
        return "";
    }

    private Object read(Path directory, boolean openEachTime) {
        SeriesReader reader = SeriesReader.open(directory);
        int before = 0;
        try {
            while (writing.get()) {
                int now = length(reader, "n1");
                assertThat(now).isGreaterThanOrEqualTo(before).isGreaterThanOrEqualTo(0);
                assertThat(now % BATCH).as("a batch is seen as a whole").isZero();
                before = now;
                selections.incrementAndGet();
                if (openEachTime) {
                    reader.close();
                    reader = SeriesReader.open(directory);
                }
            }
        } finally {
            reader.close();
        }
        return "";
    }

    /** The number of samples of a series, whose timestamps count from 0 on. */
    private static int length(SeriesReader reader, String series) {
        int count = 0;
        try (SeriesCursor cursor = reader.select(LabelMatcher.equal("s", series))) {
            while (cursor.next()) {
                SampleCursor samples = cursor.samples();
                while (samples.next()) {
                    if (samples.timestamp() != count || samples.value() != 3.0 * count) {
                        throw new AssertionError("sample " + count + " of " + series + " is at " + samples.timestamp()
                                + " with value " + samples.value());
                    }
                    count++;
                }
            }
        }
        return count;
    }
}
