package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testing.InMemoryFileStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Everything at once: a selection sees each batch as a whole, each sample once, and never fewer than before. */
class SeriesStoreConcurrencyTest {
    private static final int WRITERS = 3;
    private static final int BATCHES = 150;
    private static final int SAMPLES = 8;

    private final AtomicBoolean writing = new AtomicBoolean(true);
    private final AtomicInteger selections = new AtomicInteger();

    /** Found by SeriesKillTest: a loop of maintenance let deletions and cuts wait for minutes. */
    @Test
    void whoeverMakesBlocksTakesTurns() {
        assertThat(new StoreState(new Head(0)).structure().isFair()).isTrue();
    }

    @Test
    void writersSelectorsCutsCompactionsAndDeletionsDoNotDisturbEachOther() throws Exception {
        StoreFixture fixture = new StoreFixture(new InMemoryFileStore()).with("head.max.samples", "900");
        ExecutorService threads = Executors.newCachedThreadPool();
        try (SeriesStore store = fixture.open()) {
            List<Future<?>> writers = new ArrayList<>();
            List<Future<?>> others = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                writers.add(threads.submit(() -> write(store, writer)));
                others.add(threads.submit(() -> select(store, writer)));
            }
            others.add(threads.submit(() -> repeat(store::cut)));
            others.add(threads.submit(() -> repeat(store::compact)));
            others.add(threads.submit(() -> repeat(store::compress)));
            others.add(threads.submit(() -> repeat(store::maintain)));
            others.add(threads.submit(() -> repeat(() ->
                    store.delete(List.of(LabelMatcher.equal("part", "deleted")), new TimeRange(0, Long.MAX_VALUE)))));
            others.add(threads.submit(() -> repeat(() -> {
                store.stats();
                store.labelValues("writer");
                store.seriesCount();
            })));
            for (Future<?> writer : writers) {
                writer.get(120, TimeUnit.SECONDS);
            }
            writing.set(false);
            for (Future<?> other : others) {
                other.get(120, TimeUnit.SECONDS);
            }
            assertThat(selections).hasPositiveValue();
            for (int i = 0; i < WRITERS; i++) {
                assertThat(seen(store, i)).isEqualTo(BATCHES * SAMPLES);
            }
            assertThat(store.stats().operations().failures()).isZero();
            store.compact();
            store.maintain();
            assertThat(store.stats().blocksToRemove()).isZero();
        } finally {
            threads.shutdownNow();
        }
        try (SeriesStore store = fixture.open()) {
            for (int i = 0; i < WRITERS; i++) {
                assertThat(seen(store, i)).isEqualTo(BATCHES * SAMPLES);
            }
        }
        assertThat(fixture.damages()).isEmpty();
    }

    private interface Work {
        void run();
    }

    private void repeat(Work work) {
        while (writing.get()) {
            work.run();
        }
    }

    private static void write(SeriesStore store, int writer) {
        SeriesBatch batch = new SeriesBatch();
        for (int number = 0; number < BATCHES; number++) {
            batch.clear();
            for (String part : List.of("one", "two", "deleted")) {
                Labels labels = Labels.of("writer", "w" + writer, "part", part);
                for (int i = 0; i < SAMPLES; i++) {
                    long timestamp = (long) number * SAMPLES + i;
                    batch.add(labels, SeriesType.COUNTER, timestamp, timestamp * 0.5);
                }
            }
            store.write(batch);
        }
    }

    private void select(SeriesStore store, int writer) {
        long last = 0;
        while (writing.get()) {
            long now = seen(store, writer);
            assertThat(now).isGreaterThanOrEqualTo(last);
            assertThat(now % SAMPLES).isZero();
            last = now;
            selections.incrementAndGet();
        }
    }

    /** How many samples both series of a writer have: all from the first on, each once. */
    private static long seen(SeriesStore store, int writer) {
        List<Long> counts = new ArrayList<>();
        LabelMatcher ofWriter = LabelMatcher.equal("writer", "w" + writer);
        try (SeriesCursor cursor =
                store.select(List.of(ofWriter, LabelMatcher.notEqual("part", "deleted")), TimeRange.ALL)) {
            while (cursor.next()) {
                long expected = 0;
                SampleCursor samples = cursor.samples();
                while (samples.next()) {
                    assertThat(samples.timestamp()).isEqualTo(expected);
                    assertThat(samples.value()).isEqualTo(expected * 0.5);
                    expected++;
                }
                counts.add(expected);
            }
        }
        if (counts.isEmpty()) {
            return 0;
        }
        assertThat(counts).hasSize(2);
        assertThat(counts.get(0)).isEqualTo(counts.get(1));
        return counts.get(0);
    }
}
