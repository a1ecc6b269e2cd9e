package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.StorageFullException;
import io.firn.lifecycle.LifecycleStats;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk without room: reading goes on, everything else fails cleanly and works again when there is room. */
class SeriesFullDiskTest {
    private static final int ARENA_BYTES = 1 << 19;
    private static final int ROUNDS = 4;

    private final FaultyFileStore disk =
            new FaultyFileStore(new InMemoryFileStore(ARENA_BYTES, () -> StoreFixture.START));
    private final StoreFixture fixture = new StoreFixture(disk);

    /** Room for nothing, for some bytes of a log, for some logs, for a part of a block. */
    @ParameterizedTest
    @ValueSource(longs = {0, 10, 300, 2_000, 20_000})
    void aFullDiskDoesNotStopReading(long freeBytes) {
        try (SeriesStore store = fixture.open()) {
            SeriesModel model = StoreAct.prepare(store);
            store.compress();
            store.write(new SeriesBatch().add(StoreFixture.series(1), SeriesType.GAUGE, 5_000, 1));
            model.write(new SeriesBatch().add(StoreFixture.series(1), SeriesType.GAUGE, 5_000, 1));
            store.cut();
            disk.limitSpace(freeBytes);
            fillTheDisk(store, model);
            for (int round = 0; round < ROUNDS; round++) {
                for (StoreAct act : EnumSet.complementOf(EnumSet.of(StoreAct.EXPIRE))) {
                    tryIt(store, act, model);
                    assertThat(SeriesModel.all(store)).as("after %s", act).isEqualTo(model.all());
                }
                assertThat(store.labelNames()).contains("s", "g");
                assertThat(store.seriesCount()).isPositive();
                assertThat(store.stats().operations().failures()).isPositive();
                fixture.pass(Duration.ofSeconds(2));
            }
            disk.heal();
            fixture.pass(Duration.ofSeconds(2));
            StoreAct.WRITE.run(store);
            StoreAct.WRITE.apply(model);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            store.compact();
            store.compress();
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            assertThat(store.maintain().failures()).isZero();
        }
        assertThat(fixture.damages()).isEmpty();
    }

    /** Writes until that fails. */
    private void fillTheDisk(SeriesStore store, SeriesModel model) {
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 200_000; i += 200) {
                        SeriesBatch batch = new SeriesBatch();
                        for (int j = i; j < i + 200; j++) {
                            batch.add(StoreFixture.series(3), SeriesType.GAUGE, 10_000 + j, j);
                        }
                        store.write(batch);
                        model.write(batch);
                    }
                })
                .isInstanceOf(StorageFullException.class);
        assertThat(SeriesModel.all(store)).isEqualTo(model.all());
    }

    /** On a disk that is nearly full some of it may work. */
    private static void tryIt(SeriesStore store, StoreAct act, SeriesModel model) {
        try {
            act.run(store);
            act.apply(model);
        } catch (StorageFullException full) {
            assertThat(full).hasMessageContaining("space");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatFindsTheDiskFullIsDoneWhenThereIsRoom(StoreAct act) {
        act.configure(fixture);
        try (SeriesStore store = fixture.open()) {
            SeriesModel before = StoreAct.prepare(store);
            disk.limitSpace(0);
            boolean done = attempt(store, act::run);
            List<String> after = act.appliedTo(before).all();
            boolean showsWhatIsNotCommitted = act == StoreAct.WRITE_AND_FLUSH;
            assertThat(SeriesModel.all(store).equals(done || showsWhatIsNotCommitted ? after : before.all()))
                    .isTrue();
            disk.heal();
            fixture.pass(Duration.ofSeconds(2));
            act.run(store);
            assertThat(SeriesModel.all(store)).isEqualTo(act.appliedTo(before).all());
        }
        assertThat(fixture.damages()).isEmpty();
    }

    private static boolean attempt(SeriesStore store, Consumer<SeriesStore> act) {
        try {
            act.accept(store);
            return true;
        } catch (StorageFullException full) {
            return false;
        }
    }

    @Test
    void compressionSkipsWhatWouldFillTheDisk() {
        try (SeriesStore store = fixture.open()) {
            SeriesModel model = StoreAct.prepare(store);
            disk.limitSpace(2_000);
            LifecycleStats stats = store.compress();
            assertThat(stats.skipped()).isNotEmpty().allMatch(block -> block.contains("needed to write it anew"));
            assertThat(stats.errors()).isEmpty();
            assertThat(StoreFixture.blocks(store, SeriesTier.COLD)).isZero();
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            disk.heal();
            assertThat(store.compress().errors()).isEmpty();
            assertThat(StoreFixture.blocks(store, SeriesTier.WARM)).isZero();
            assertThat(SeriesModel.select(store, List.of(LabelMatcher.equal("s", "old")), TimeRange.ALL))
                    .hasSize(100);
        }
    }
}
