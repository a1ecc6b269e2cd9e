package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.FirnException;
import io.firn.error.StorageIoException;
import io.firn.error.WriterFencedException;
import io.firn.partition.PartitionFilter;
import io.firn.table.Table;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import io.firn.testing.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file system that fails: the store shows what it showed or what was asked for, and goes on. */
class SeriesStoreFaultTest {
    private static final int ARENA_BYTES = 1 << 19;
    /** An act that makes more calls has lost itself. */
    private static final int MAX_CALLS = 5_000;
    /** Of the calls one of so many is tried, from a random one on; under stress every one that writes. */
    private static final int STEP = 4;

    private static final int WRITING_STEP = TestProfile.isStress() ? 1 : STEP;

    private final FaultyFileStore files =
            new FaultyFileStore(new InMemoryFileStore(ARENA_BYTES, () -> StoreFixture.START));
    private final StoreFixture fixture = new StoreFixture(files);

    @ParameterizedTest
    @EnumSource
    void anErrorInAnyCallOf(StoreAct act) {
        failAtCalls(act, Fault.on(StoreCall.any()), STEP);
    }

    @ParameterizedTest
    @EnumSource
    void aFullDiskInAnyCallThatWritesOf(StoreAct act) {
        failAtCalls(act, Fault.on(StoreCall.isMutating()).full(), WRITING_STEP);
    }

    @ParameterizedTest
    @EnumSource
    void aFileSystemThatStaysBrokenFromAnyCallOf(StoreAct act) {
        failAtCalls(act, Fault.on(StoreCall.isMutating()).sticky(), WRITING_STEP);
    }

    private static void failAtCalls(StoreAct act, Fault template, int step) {
        Randomized.forAll(1, random -> failAtCalls(act, template, 1 + random.nextInt(step), step));
    }

    private static void failAtCalls(StoreAct act, Fault template, int first, int step) {
        for (long call = first; ; call += step) {
            if (!new SeriesStoreFaultTest().failAt(act, template.nth(call), call / step % 2 == 0)) {
                assertThat(call).as("calls of %s", act).isBetween(2L, (long) MAX_CALLS);
                return;
            }
        }
    }

    /** Nothing stays locked or open, so that the same process opens the store as soon as that works. */
    @Test
    void anErrorInAnyCallOfOpeningAndClosing() {
        SeriesModel model = new SeriesModel();
        try (SeriesStore store = fixture.open()) {
            StoreAct.WRITE.run(store);
            StoreAct.WRITE.apply(model);
            store.cut();
            StoreAct.WRITE.run(store);
        }
        boolean happened = true;
        for (long call = 1; happened; call++) {
            Fault fault = files.inject(Fault.on(StoreCall.any()).nth(call));
            try (SeriesStore store = fixture.open()) {
                assertThat(store.path()).isEqualTo(StoreFixture.ROOT);
            } catch (FirnException failure) {
                assertThat(fault.happened()).isTrue();
            }
            happened = fault.happened();
            files.heal();
            try (SeriesStore store = fixture.open()) {
                assertThat(SeriesModel.all(store)).as("call %d", call).isEqualTo(model.all());
            }
        }
        assertThat(fixture.damages()).isEmpty();
    }

    /** Returns false when the act makes fewer calls. */
    private boolean failAt(StoreAct act, Fault fault, boolean reopen) {
        act.configure(fixture);
        try (SeriesStore store = fixture.open()) {
            SeriesModel before = StoreAct.prepare(store);
            SeriesModel after = act.appliedTo(before);
            Fault injected = files.inject(fault);
            boolean thrown = false;
            try {
                act.run(store);
            } catch (FirnException failure) {
                thrown = true;
            }
            boolean happened = injected.happened();
            files.heal();
            List<String> seen = SeriesModel.all(store);
            if (!thrown || !seen.equals(before.all())) {
                assertThat(seen).isEqualTo(after.all());
            }
            if (reopen) {
                store.close();
                try (SeriesStore again = fixture.open()) {
                    assertThat(SeriesModel.all(again))
                            .as("what was shown is what is stored")
                            .isEqualTo(seen);
                    goOn(act, again, after);
                }
            } else {
                goOn(act, store, after);
                store.close();
            }
            assertThat(fixture.damages()).isEmpty();
            try (SeriesStore again = fixture.open()) {
                assertThat(SeriesModel.all(again)).isEqualTo(after.all());
            }
            return happened;
        }
    }

    private static void goOn(StoreAct act, SeriesStore store, SeriesModel after) {
        act.run(store);
        assertThat(SeriesModel.all(store)).isEqualTo(after.all());
        StoreAct.WRITE.run(store);
        StoreAct.WRITE.apply(after);
        assertThat(SeriesModel.all(store)).isEqualTo(after.all());
        store.compact();
        assertThat(SeriesModel.all(store)).isEqualTo(after.all());
    }

    @Test
    void aFailedCommitIsDoneByTheNextOne() {
        try (SeriesStore store = fixture.with("commit.every", "flush").open()) {
            SeriesModel model = new SeriesModel();
            SeriesBatch first = new SeriesBatch().add(StoreFixture.series(1), SeriesType.GAUGE, 1, 1);
            store.write(first);
            model.write(first);
            store.flush();
            SeriesBatch second = new SeriesBatch().add(StoreFixture.series(2), SeriesType.GAUGE, 2, 2);
            store.write(second);
            model.write(second);
            files.inject(Fault.on(StoreCall.is(StoreOperation.FORCE_REGION)));
            files.inject(Fault.on(StoreCall.is(StoreOperation.FORCE)));
            assertThatThrownBy(store::flush).isInstanceOf(StorageIoException.class);
            files.heal();
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            store.write(new SeriesBatch().add(StoreFixture.series(2), SeriesType.GAUGE, 3, 3));
            store.flush();
            assertThat(SeriesModel.all(store)).hasSize(3);
            assertThat(store.stats().operations().recoveries()).isPositive();
        }
        try (SeriesStore store = fixture.open()) {
            assertThat(SeriesModel.all(store)).hasSize(3);
        }
    }

    /** The entry of the log was written, and only its force failed. */
    @Test
    void aFailedWriteThatCountsNeverthelessIsShown() {
        try (SeriesStore store = fixture.open()) {
            files.inject(Fault.on(call -> call.operation() == StoreOperation.FORCE
                    && call.path().toString().contains("/samples/_table/lanes")));
            assertWriteFailsAndIsShown(store, 1);
        }
    }

    /** The commit was complete, and only the hint beside the log could not be written: the writer stands behind it. */
    @ParameterizedTest
    @ValueSource(strings = {"write", "1s"})
    void aWriteThatFailsBehindItsCommitIsShown(String commitEvery) {
        try (SeriesStore store = fixture.with("commit.every", commitEvery).open()) {
            store.write(new SeriesBatch().add(StoreFixture.series(1), SeriesType.GAUGE, 0, 1));
            fixture.pass(Duration.ofSeconds(2));
            files.inject(Fault.on(StoreCall.is(StoreOperation.WRITE, "/pos")));
            assertWriteFailsAndIsShown(store, 2);
        }
    }

    private void assertWriteFailsAndIsShown(SeriesStore store, int samples) {
        SeriesBatch batch = new SeriesBatch().add(StoreFixture.series(1), SeriesType.GAUGE, 1, 1);
        assertThatThrownBy(() -> store.write(batch)).isInstanceOf(StorageIoException.class);
        files.heal();
        try (SeriesReader other = SeriesReader.open(StoreFixture.ROOT, fixture.options())) {
            LabelMatcher all = LabelMatcher.regex("s", ".+");
            assertThat(SeriesModel.all(store)).hasSize(samples).isEqualTo(SeriesModel.lines(other.select(all)));
        }
    }

    /** Of three blocks one cannot be written anew, in any of the calls that this makes. */
    @Test
    void theBlocksBeforeOneThatCannotBeCompressedAreCold() {
        Set<Integer> cold = new TreeSet<>();
        boolean happened = true;
        for (int call = 1; happened; call++) {
            SeriesStoreFaultTest round = new SeriesStoreFaultTest();
            try (SeriesStore store = round.fixture.open()) {
                StoreAct.prepare(store);
                Fault fault = round.files.inject(Fault.on(StoreCall.isMutating()
                                .and(made -> made.path().toString().contains("/chunks/_table/lanes")))
                        .nth(call));
                if (isRefused(store::compress)) {
                    cold.add(StoreFixture.blocks(store, SeriesTier.COLD));
                }
                happened = fault.happened();
            }
        }
        assertThat(cold).contains(0, 1, 2);
    }

    private static boolean isRefused(Runnable act) {
        try {
            act.run();
            return false;
        } catch (StorageIoException refused) {
            return true;
        }
    }

    @Test
    void statisticsGoOnWhileTheFilesOfBlocksCannotBeListed() {
        try (SeriesStore store = fixture.open()) {
            StoreAct.prepare(store);
            store.compress();
        }
        try (SeriesStore store = fixture.open()) {
            files.inject(Fault.on(call -> call.path().toString().contains("/chunks/"))
                    .sticky());
            assertThatThrownBy(store::compress).isInstanceOf(StorageIoException.class);
            SeriesStats stats = store.stats();
            assertThat(stats.tier(SeriesTier.COLD).blocks()).isEqualTo(3);
            assertThat(stats.operations().failures()).isPositive();
            assertThat(stats.operations().lastFailure()).contains("/chunks/");
            files.heal();
            store.decompress();
            assertThat(store.stats().tier(SeriesTier.COLD).blocks()).isZero();
        }
    }

    @Test
    void aHeadThatCannotBecomeABlockIsKeptAndThenRefusesMore() {
        try (SeriesStore store = fixture.with("head.max.samples", "100").open()) {
            files.inject(Fault.on(call -> call.path().toString().contains("/chunks/"))
                    .sticky());
            SeriesModel model = new SeriesModel();
            StorageIoException refused = null;
            for (int i = 0; refused == null && i < 50; i++) {
                SeriesBatch batch = new SeriesBatch();
                for (int j = 0; j < 20; j++) {
                    batch.add(StoreFixture.series(1), SeriesType.GAUGE, 20 * i + j, j);
                }
                try {
                    store.write(batch);
                    model.write(batch);
                } catch (StorageIoException full) {
                    refused = full;
                }
            }
            assertThat(refused).isNotNull().hasMessageContaining("cannot become a block");
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            files.heal();
            assertThat(store.stats().operations().lastFailure()).isNotEmpty();
            store.cut();
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            store.write(new SeriesBatch().add(StoreFixture.series(1), SeriesType.GAUGE, 5_000, 1));
        }
    }

    /** A store that does not know yet that it was overtaken removes what it takes for its own left-over. */
    @Test
    void theNumberOfABlockThatNeverCountedIsNotGivenAgain() {
        SeriesStore overtaken = fixture.open();
        SeriesBatch batch = new SeriesBatch().add(StoreFixture.series(1), SeriesType.GAUGE, 1, 1);
        overtaken.write(batch);
        files.inject(Fault.on(call ->
                        call.operation().isMutating() && call.path().toString().contains("/metrics/blocks/"))
                .nth(1));
        assertThatThrownBy(overtaken::cut).isInstanceOf(StorageIoException.class);
        files.heal();
        overtaken.flush();
        assertThat(fixture.records("chunks")).isPositive();
        fixture.with("take.over", "true");
        try (SeriesStore second = fixture.open()) {
            second.maintain();
            assertThat(fixture.records("chunks")).isZero();
        }
        try (SeriesStore third = fixture.open()) {
            third.cut();
            try (Table chunks = Table.open(StoreFixture.ROOT.resolve("chunks"), fixture.environment())) {
                assertThat(chunks.summarize(PartitionFilter.all()))
                        .extracting(block -> block.values().getInt(BlockTable.BLOCK))
                        .containsExactly(2L);
            }
            assertThatThrownBy(() -> overtaken.expire(Duration.ZERO)).isInstanceOf(WriterFencedException.class);
            assertThatThrownBy(overtaken::flush).isInstanceOf(WriterFencedException.class);
            third.forgetIndexes();
            assertThat(SeriesModel.all(third)).hasSize(1);
        }
        overtaken.close();
        assertThat(fixture.damages()).isEmpty();
    }
}
