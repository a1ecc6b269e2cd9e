package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.FirnException;
import io.firn.error.InvalidRecordException;
import io.firn.error.StorageIoException;
import io.firn.error.WriterFencedException;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Marks and the samples of their batch are there together or not at all, whatever becomes of the samples later. */
class SeriesMarksTest {
    private static final Labels SERIES = StoreFixture.series(1);
    private static final List<LabelMatcher> ALL = List.of(LabelMatcher.regex("s", ".+"));

    private final InMemoryFileStore files = new InMemoryFileStore();
    private final StoreFixture fixture = new StoreFixture(files);

    private static SeriesBatch batch(long position) {
        return new SeriesBatch()
                .add(SERIES, SeriesType.GAUGE, position, (double) position)
                .mark("source", position);
    }

    @Test
    void marksOutliveEverythingThatHappensToSamples() {
        try (SeriesStore store = fixture.open()) {
            assertThat(store.marks()).isEmpty();
            store.write(batch(1).mark("other", Long.MIN_VALUE));
            store.cut();
            store.write(batch(2));
            assertThat(store.marks()).isEqualTo(Map.of("source", 2L, "other", Long.MIN_VALUE));
            store.cut();
            store.delete(ALL, TimeRange.ALL);
            store.compact();
            assertThat(store.marks()).isEqualTo(Map.of("source", 2L, "other", Long.MIN_VALUE));
            store.write(new SeriesBatch().mark("source", 7));
        }
        try (SeriesStore store = fixture.open();
                SeriesReader reader = SeriesReader.open(StoreFixture.ROOT, fixture.options())) {
            assertThat(store.marks()).isEqualTo(Map.of("source", 7L, "other", Long.MIN_VALUE));
            assertThat(reader.marks()).containsExactly(Map.entry("metrics", store.marks()));
            assertThat(store.cut()).as("a mark alone makes no block").isFalse();
        }
    }

    @Test
    void marksWithoutSamplesDoNotPileUp() {
        fixture.with("block.duration", "2h");
        try (SeriesStore store = fixture.open()) {
            for (int i = 1; i <= 100; i++) {
                store.write(new SeriesBatch().mark("source", i));
            }
            assertThat(fixture.records("samples")).isEqualTo(100);
            fixture.pass(Duration.ofHours(2));
            assertThat(store.maintain().failures()).isZero();
            assertThat(fixture.records("samples")).isZero();
            assertThat(store.marks()).isEqualTo(Map.of("source", 100L));
        }
        try (SeriesStore store = fixture.open()) {
            assertThat(store.marks()).isEqualTo(Map.of("source", 100L));
        }
    }

    @Test
    void aMarkThatIsNotCommittedStaysOrIsLostWithItsSamples() {
        fixture.with("commit.every", "flush");
        try (SeriesStore store = fixture.open()) {
            store.write(batch(1));
            store.flush();
            store.write(batch(2));
            assertThat(store.marks()).containsEntry("source", 2L);
        }
        FaultyFileStore faulty = new FaultyFileStore(files);
        StoreFixture failing = fixture.on(faulty);
        try (SeriesStore store = failing.open()) {
            store.write(batch(3));
            faulty.inject(Fault.on(call -> call.operation().isMutating()).nth(1));
            assertThatThrownBy(store::flush).isInstanceOf(FirnException.class);
            faulty.heal();
            assertThat(store.marks()).containsEntry("source", 3L);
            assertThat(SeriesModel.all(store)).hasSize(3);
            try (SeriesStore afterACrash = fixture.with("take.over", "true").open()) {
                assertThat(afterACrash.marks()).containsEntry("source", 2L);
                assertThat(SeriesModel.all(afterACrash)).hasSize(2);
            }
            assertThatThrownBy(store::close).isInstanceOf(WriterFencedException.class);
        }
    }

    @Test
    void markAndSamplesAgreeAfterAnyFailure() {
        Randomized.forAll(TestProfile.isStress() ? 40 : 3, random -> {
            FaultyFileStore faulty = new FaultyFileStore(new InMemoryFileStore());
            StoreFixture failing = new StoreFixture(faulty).with("head.max.samples", "20");
            SeriesStore store = failing.open();
            long position = 0;
            for (int step = 0; step < 60; step++) {
                if (random.nextInt(4) == 0) {
                    faulty.inject(
                            Fault.on(call -> call.operation().isMutating()).nth(1 + random.nextInt(15)));
                }
                try {
                    store = act(store, failing, random, position + 1);
                } catch (ClosedException | StorageIoException failed) {
                    faulty.heal();
                    store = isClosed(store) ? failing.open() : store;
                }
                faulty.heal();
                position = store.marks().getOrDefault("source", 0L);
                assertThat(SeriesModel.all(store)).as("step %d", step).hasSize((int) position);
            }
            store.close();
        });
    }

    /** Whoever goes on in a source by a mark must never go by an older one than what counts. */
    @Test
    void marksAreNeverOlderThanTheWriteThatCounts() {
        int refused = 0;
        for (int broken = 1; broken <= 12; broken++) {
            FaultyFileStore faulty = new FaultyFileStore(new InMemoryFileStore());
            StoreFixture failing = new StoreFixture(faulty);
            try (SeriesStore store = failing.open()) {
                store.write(batch(1));
                faulty.inject(Fault.on(call -> call.operation().isMutating())
                        .nth(broken)
                        .sticky());
                writeOrFail(store, batch(2));
                refused += isMarkRefused(store) ? 1 : 0;
                long shown = isMarkRefused(store) ? -1 : marked(store);
                faulty.heal();
                long counts = marked(store);
                assertThat(shown).as("broken from call %d on", broken).isIn(-1L, counts);
                assertThat(SeriesModel.all(store)).hasSize((int) counts);
            }
        }
        assertThat(refused).isPositive();
    }

    private static long marked(SeriesStore store) {
        return store.marks().getOrDefault("source", 0L);
    }

    private static void writeOrFail(SeriesStore store, SeriesBatch batch) {
        try {
            store.write(batch);
        } catch (StorageIoException failed) {
            assertThat(failed).hasMessageContaining("simulated");
        }
    }

    private static boolean isMarkRefused(SeriesStore store) {
        try {
            return store.marks().isEmpty();
        } catch (StorageIoException refused) {
            return true;
        }
    }

    private static boolean isClosed(SeriesStore store) {
        try {
            store.stats();
            return false;
        } catch (ClosedException closed) {
            return true;
        }
    }

    private static SeriesStore act(SeriesStore store, StoreFixture fixture, RandomGenerator random, long next) {
        switch (random.nextInt(6)) {
            case 0 -> store.cut();
            case 1 -> store.compact();
            case 2 -> {
                store.close();
                return fixture.open();
            }
            default -> store.write(batch(next));
        }
        return store;
    }

    @Test
    void refusesNamesThatAreNone() {
        SeriesBatch batch = new SeriesBatch();
        assertThatThrownBy(() -> batch.mark("", 1)).isInstanceOf(InvalidRecordException.class);
        assertThatThrownBy(() -> batch.mark("x".repeat(SeriesBatch.MAX_MARK_NAME + 1), 1))
                .isInstanceOf(InvalidRecordException.class);
        batch.mark("x".repeat(SeriesBatch.MAX_MARK_NAME), 1);
    }
}
