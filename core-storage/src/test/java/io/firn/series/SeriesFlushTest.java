package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.FirnException;
import io.firn.error.StorageIoException;
import io.firn.error.WriterFencedException;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreCall;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Samples that are written but not committed: whatever fails, none is gone when a flush says that all is safe. */
class SeriesFlushTest {
    private static final int ARENA_BYTES = 1 << 19;
    private static final int MAX_CALLS = 2_000;
    private static final Fault LOG_COMMIT = Fault.on(
            call -> call.operation().isMutating() && call.path().toString().contains("/samples/_table/lanes"));

    private final FaultyFileStore files =
            new FaultyFileStore(new InMemoryFileStore(ARENA_BYTES, () -> StoreFixture.START));
    private final StoreFixture fixture = new StoreFixture(files).with("commit.every", "flush");
    private final SeriesModel model = new SeriesModel();

    private static SeriesBatch batch(int from, int to) {
        SeriesBatch batch = new SeriesBatch();
        for (int i = from; i < to; i++) {
            batch.add(StoreFixture.series(i % 3), SeriesType.GAUGE, i / 2, i);
        }
        return batch.mark("source", to);
    }

    private void write(SeriesStore store, int from, int to) {
        store.write(batch(from, to));
        model.write(batch(from, to));
    }

    private void assertStored(long mark) {
        assertThat(fixture.damages()).isEmpty();
        try (SeriesStore store = fixture.open()) {
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            assertThat(store.marks()).isEqualTo(Map.of("source", mark));
        }
    }

    /** Nobody hears of the failure: the cut is one that a write does by itself. */
    @Test
    void whatACutOfTheStoreItselfCouldNotCommitIsWrittenAgain() {
        fixture.with("head.max.samples", "10");
        try (SeriesStore store = fixture.open()) {
            write(store, 0, 8);
            Fault fault = files.inject(LOG_COMMIT.nth(1));
            write(store, 8, 10);
            assertThat(fault.happened()).isTrue();
            files.heal();
            write(store, 10, 12);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            store.flush();
        }
        assertStored(12);
    }

    @Test
    void whatTheBackgroundCouldNotCommitIsWrittenAgain() {
        try (SeriesStore store = fixture.open()) {
            write(store, 0, 5);
            fixture.pass(Duration.ofHours(3));
            files.inject(LOG_COMMIT.nth(1));
            assertThat(store.maintain().failures()).isPositive();
            files.heal();
            store.flush();
            assertThat(store.stats().operations().recoveries()).isEqualTo(1);
        }
        assertStored(5);
    }

    @Test
    void aWriteThatFailedTakesNothingOfTheOthersWithIt() {
        try (SeriesStore store = fixture.open()) {
            write(store, 0, 5);
            files.inject(Fault.on(StoreCall.isMutating()).nth(1).sticky());
            assertThatThrownBy(() -> store.write(batch(5, 20_000))).isInstanceOf(FirnException.class);
            files.heal();
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            store.flush();
        }
        assertStored(5);
    }

    @Test
    void aClockThatIsSetBackDoesNotPutCommitsOff() {
        try (SeriesStore store = fixture.with("commit.every", "1s").open()) {
            fixture.pass(Duration.ofHours(-5));
            write(store, 0, 5);
            fixture.pass(Duration.ofSeconds(1));
            write(store, 5, 10);
            try (SeriesReader other = SeriesReader.open(StoreFixture.ROOT, fixture.options())) {
                assertThat(SeriesModel.lines(other.select(LabelMatcher.regex("s", ".+"))))
                        .isEqualTo(model.all());
            }
        }
    }

    @Test
    void onlyWhatNoCommitHasIsWrittenAgain() {
        try (SeriesStore store = fixture.open()) {
            write(store, 0, 3_000);
            store.flush();
            write(store, 3_000, 3_007);
            files.inject(LOG_COMMIT.nth(1));
            assertThatThrownBy(store::flush).isInstanceOf(StorageIoException.class);
            files.heal();
            write(store, 3_007, 3_010);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            store.flush();
        }
        try (SeriesStore store = fixture.open()) {
            assertThat(store.stats().head().samples()).isEqualTo(3_010);
        }
        assertStored(3_010);
    }

    @Test
    void whatWasDeletedDoesNotComeBack() {
        List<LabelMatcher> some = List.of(LabelMatcher.equal("s", "n1"));
        try (SeriesStore store = fixture.open()) {
            write(store, 0, 20);
            store.delete(some, new TimeRange(0, 5));
            model.delete(some, new TimeRange(0, 5));
            write(store, 20, 25);
            files.inject(LOG_COMMIT.nth(1));
            assertThatThrownBy(store::flush).isInstanceOf(StorageIoException.class);
            files.heal();
            store.flush();
        }
        assertStored(25);
    }

    @Test
    void aCloseCommitsWhatAFailureHasLeft() {
        try (SeriesStore store = fixture.open()) {
            write(store, 0, 5);
            files.inject(LOG_COMMIT.nth(1));
            assertThatThrownBy(store::cut).isInstanceOf(StorageIoException.class);
            files.heal();
        }
        assertStored(5);
    }

    @Test
    void aCloseThatCannotCommitSaysSo() {
        SeriesStore store = fixture.open();
        write(store, 0, 5);
        files.inject(LOG_COMMIT.nth(1).sticky());
        assertThatThrownBy(store::cut).isInstanceOf(StorageIoException.class);
        assertThatThrownBy(store::close).isInstanceOf(StorageIoException.class);
        files.heal();
        store.close();
    }

    @Test
    void aCloseBehindATakeOverSaysThatSamplesAreLost() {
        SeriesStore store = fixture.open();
        write(store, 0, 5);
        try (SeriesStore successor = fixture.with("take.over", "true").open()) {
            assertThatThrownBy(store::close).isInstanceOf(WriterFencedException.class);
            assertThat(SeriesModel.all(successor)).isEmpty();
        }
        store.close();
    }

    /** A rollback would fence the successor off, and take what that wrote for its own. */
    @Test
    void aFailureBehindATakeOverEndsTheStore() {
        SeriesStore store = fixture.open();
        store.write(batch(0, 5));
        files.inject(LOG_COMMIT.nth(1));
        assertThatThrownBy(store::cut).isInstanceOf(StorageIoException.class);
        files.heal();
        try (SeriesStore successor = fixture.with("take.over", "true").open()) {
            write(successor, 5, 10);
            assertThatThrownBy(() -> store.write(batch(10, 12))).isInstanceOf(WriterFencedException.class);
            assertThatThrownBy(store::flush).isInstanceOf(WriterFencedException.class);
            store.close(); // it was told
            successor.flush();
        }
        assertStored(10);
    }

    @Test
    void whateverCallFailsAFlushThatReturnsHasEverything() {
        failAtCalls(fault -> fault);
        failAtCalls(Fault::sticky);
        failAtCalls(fault -> fault.full().sticky());
    }

    private static void failAtCalls(UnaryOperator<Fault> kind) {
        for (int call = 1;
                new SeriesFlushTest()
                        .failAt(kind.apply(Fault.on(StoreCall.isMutating()).nth(call)));
                call++) {
            assertThat(call).isLessThan(MAX_CALLS);
        }
    }

    /** Returns false when there are fewer calls. */
    private boolean failAt(Fault template) {
        fixture.with("head.max.samples", "60");
        try (SeriesStore store = fixture.open()) {
            Fault fault = files.inject(template);
            tryWrite(store, 0, 30);
            tryWrite(store, 30, 50);
            attempt(store::flush);
            tryWrite(store, 50, 80);
            attempt(store::maintain);
            tryWrite(store, 80, 90);
            boolean happened = fault.happened();
            files.heal();
            fixture.pass(Duration.ofSeconds(2));
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            store.flush();
            if (model.all().isEmpty()) {
                return happened;
            }
            try (SeriesReader other = SeriesReader.open(StoreFixture.ROOT, fixture.options())) {
                LabelMatcher any = LabelMatcher.regex("s", ".+");
                assertThat(SeriesModel.lines(other.select(any))).isEqualTo(model.all());
            }
            return happened;
        }
    }

    private void tryWrite(SeriesStore store, int from, int to) {
        if (attempt(() -> store.write(batch(from, to)))) {
            model.write(batch(from, to));
        }
    }

    private static boolean attempt(Runnable step) {
        try {
            step.run();
            return true;
        } catch (FirnException failed) {
            return false;
        }
    }
}
