package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.StorageIoException;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import org.junit.jupiter.api.Test;

/** A head that is full because no block could be made of it. */
class SeriesStoreRoomTest {
    private final FaultyFileStore files = new FaultyFileStore(new InMemoryFileStore());
    private final StoreFixture fixture = new StoreFixture(files).with("head.max.samples", "100");

    private int written;

    @Test
    void writesGoOnByThemselvesWhenBlocksCanBeMadeAgainAlsoAfterARestart() {
        try (SeriesStore store = fixture.open()) {
            fill(store);
            files.heal();
            write(store);
            assertThat(SeriesModel.all(store)).hasSize(written);
            assertThat(store.stats().tier(SeriesTier.WARM).samples()).isEqualTo(written - 90);
            fill(store);
            files.heal();
        }
        try (SeriesStore store = fixture.open()) {
            write(store);
            assertThat(SeriesModel.all(store)).hasSize(written);
        }
    }

    /** Writes until no more is taken, because no block can be made. */
    private void fill(SeriesStore store) {
        files.inject(
                Fault.on(call -> call.path().toString().contains("/chunks/")).sticky());
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 50; i++) {
                        write(store);
                    }
                })
                .isInstanceOf(StorageIoException.class)
                .hasMessageContaining("cannot become a block");
    }

    private void write(SeriesStore store) {
        SeriesBatch batch = new SeriesBatch();
        for (int i = 0; i < 90; i++) {
            batch.add(StoreFixture.series(1), SeriesType.GAUGE, written + i, i);
        }
        store.write(batch);
        written += 90;
    }
}
