package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.FirnException;
import io.firn.partition.PartitionFilter;
import io.firn.table.PartitionSummary;
import io.firn.table.Table;
import io.firn.testing.CrashFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.SimulatedCrash;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A power loss before each operation on a file: every acknowledged sample is there once, and nothing else. */
class SeriesStoreCrashTest {
    private static final int ARENA_BYTES = 1 << 19;

    private record Prepared(CrashFileStore machine, StoreFixture fixture, SeriesStore store, SeriesModel model) {
        static Prepared make(StoreAct act) {
            CrashFileStore machine = new CrashFileStore(ARENA_BYTES, () -> StoreFixture.START);
            StoreFixture fixture = new StoreFixture(machine);
            act.configure(fixture);
            SeriesStore store = fixture.open();
            return new Prepared(machine, fixture, store, StoreAct.prepare(store));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPowerLossBeforeEachOperationOf(StoreAct act) {
        Prepared counted = Prepared.make(act);
        long before = counted.machine.mutationCount();
        act.run(counted.store);
        act.apply(counted.model);
        long operations = counted.machine.mutationCount() - before;
        assertThat(SeriesModel.all(counted.store)).isEqualTo(counted.model.all());
        counted.store.close();
        for (long operation = 1; operation <= operations; operation++) {
            crashAt(act, operation);
        }
    }

    private static void crashAt(StoreAct act, long operation) {
        Prepared prepared = Prepared.make(act);
        prepared.machine.crashAt(operation);
        boolean acknowledged = false;
        try {
            act.run(prepared.store);
            acknowledged = true;
        } catch (SimulatedCrash | FirnException powerFailed) {
            assertThat(prepared.machine.isDown()).isTrue();
        }
        List<String> old = prepared.model.all();
        List<String> fresh = act.appliedTo(prepared.model).all();
        CrashFileStore restarted = prepared.machine.crash(new SplittableRandom(operation));
        StoreFixture fixture = prepared.fixture.on(restarted);
        SeriesModel model;
        try (SeriesStore store = fixture.open()) {
            List<String> seen = SeriesModel.all(store);
            String where = act + " before operation " + operation;
            if (acknowledged) {
                assertThat(seen.equals(fresh)).as(where).isTrue();
            } else if (!seen.equals(fresh)) {
                assertThat(seen.equals(old))
                        .as(where + " shows " + seen.size() + " samples of " + old.size())
                        .isTrue();
            }
            model = seen.equals(fresh) ? act.appliedTo(prepared.model) : prepared.model;
            goOn(store, model);
        }
        assertTidy(fixture, model);
    }

    /** Everything works as if nothing had happened. */
    private static void goOn(SeriesStore store, SeriesModel model) {
        StoreAct.WRITE.run(store);
        StoreAct.WRITE.apply(model);
        assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        store.compact();
        assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        StoreAct.DELETE.run(store);
        StoreAct.DELETE.apply(model);
        assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        assertThat(store.maintain().failures()).isZero();
    }

    /** Nothing is left that does not count, nothing is damaged, and the next process sees the same. */
    private static void assertTidy(StoreFixture fixture, SeriesModel model) {
        assertThat(fixture.damages()).isEmpty();
        try (SeriesStore store = fixture.open()) {
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            store.maintain();
            SeriesStats stats = store.stats();
            assertThat(stats.blocksToRemove()).isZero();
            int blocks = stats.tiers().values().stream()
                    .mapToInt(SeriesStats.Tier::blocks)
                    .sum();
            assertThat(partitions(fixture, "chunks")).hasSize(blocks);
            assertThat(partitions(fixture, "samples")).isEmpty();
        }
    }

    private static List<PartitionSummary> partitions(StoreFixture fixture, String name) {
        try (Table table = Table.open(StoreFixture.ROOT.resolve(name), fixture.environment())) {
            return table.summarize(PartitionFilter.all());
        }
    }

    @Test
    void aPowerLossBeforeEachOperationOfMakingAndOpening() {
        CrashFileStore counted = machine();
        new StoreFixture(counted).open().close();
        long operations = counted.mutationCount();
        for (long operation = 1; operation <= operations; operation++) {
            CrashFileStore machine = machine();
            machine.crashAt(operation);
            try {
                new StoreFixture(machine).open().close();
            } catch (SimulatedCrash | FirnException powerFailed) {
                assertThat(machine.isDown()).isTrue();
            }
            StoreFixture fixture = new StoreFixture(machine.crash(new SplittableRandom(operation)));
            try (SeriesStore store = fixture.open()) {
                SeriesModel model = StoreAct.prepare(store);
                assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            }
        }
    }

    private static CrashFileStore machine() {
        return new CrashFileStore(ARENA_BYTES, () -> StoreFixture.START);
    }

    @Test
    void anythingMayHappenAtAnyTimeAgainAndAgain() {
        Randomized.forAll(60, SeriesStoreCrashTest::rounds);
    }

    private static void rounds(RandomGenerator random) {
        CrashFileStore machine = machine();
        StoreFixture fixture = new StoreFixture(machine);
        List<SeriesModel> possible = List.of(new SeriesModel());
        for (int round = 0; round < 5; round++) {
            machine.crashAt(1 + random.nextInt(250));
            possible = round(fixture, possible, random);
            machine = machine.crash(random);
            fixture = fixture.on(machine);
        }
        try (SeriesStore store = fixture.open()) {
            assertThat(possible.stream().map(SeriesModel::all)).contains(SeriesModel.all(store));
        }
        fixture.recover(); // a log whose last entry the power loss has torn looks damaged until somebody owns it
        assertThat(fixture.damages()).isEmpty();
    }

    /** Returns what the store may hold afterwards: without or with what was running. */
    private static List<SeriesModel> round(StoreFixture fixture, List<SeriesModel> before, RandomGenerator random) {
        List<SeriesModel> possible = new ArrayList<>(before);
        try (SeriesStore store = fixture.open()) {
            List<String> seen = SeriesModel.all(store);
            SeriesModel model = before.stream()
                    .filter(one -> one.all().equals(seen))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("found " + seen + ", expected one of "
                            + before.stream().map(SeriesModel::all).toList()));
            for (int i = 0; i < 12; i++) {
                SeriesModel next = model.copy();
                possible = List.of(model, next);
                step(store, next, random);
                model = next;
                possible = List.of(model);
                assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            }
        } catch (SimulatedCrash | FirnException powerFailed) {
            // What was running may count or not.
        }
        return possible;
    }

    /** Changes the model first: what it holds may be seen as soon as the store begins. */
    private static void step(SeriesStore store, SeriesModel model, RandomGenerator random) {
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                SeriesBatch batch = new SeriesBatch();
                for (int i = 0; i < 40; i++) {
                    batch.add(
                            StoreFixture.series(random.nextInt(5)),
                            SeriesType.GAUGE,
                            random.nextInt(300),
                            random.nextInt());
                }
                model.write(batch);
                store.write(batch);
            }
            case 2 -> {
                List<LabelMatcher> matchers = List.of(LabelMatcher.equal("g", "g" + random.nextInt(3)));
                TimeRange range = new TimeRange(random.nextInt(150), 150 + random.nextInt(150));
                model.delete(matchers, range);
                store.delete(matchers, range);
            }
            case 3 -> store.cut();
            case 4 -> store.compact();
            default -> store.compress();
        }
    }
}
