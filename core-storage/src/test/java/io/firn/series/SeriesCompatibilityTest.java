package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lifecycle.verify.TableVerifier;
import io.firn.table.Table;
import io.firn.testing.ZippedDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Stores of every form of the format are read and gone on with for ever. */
class SeriesCompatibilityTest {
    private static final List<String> TABLES = List.of("samples", "chunks", "blocks");

    @TempDir
    Path directory;

    private final SeriesModel model = SeriesFixture.model();

    static Stream<String> archives() {
        return SeriesFixture.ALL.stream();
    }

    private Path unpack(String archive) throws IOException {
        try (InputStream zip = SeriesFixture.class.getResourceAsStream("/format/" + archive)) {
            return ZippedDirectory.unpack(Objects.requireNonNull(zip, archive), directory.resolve("store"));
        }
    }

    @ParameterizedTest
    @MethodSource("archives")
    void isSoundAndHoldsWhatItHeld(String archive) throws IOException {
        Path path = unpack(archive);
        for (String name : TABLES) {
            try (Table table = Table.open(path.resolve(name))) {
                assertThat(TableVerifier.verify(table).damages()).as(name).isEmpty();
            }
        }
        try (SeriesStore store = SeriesFixture.open(path)) {
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            SeriesStats stats = store.stats();
            assertThat(StoreFixture.blocks(store, SeriesTier.WARM)).isEqualTo(1);
            assertThat(StoreFixture.blocks(store, SeriesTier.COLD)).isEqualTo(1);
            assertThat(stats.head().samples()).isPositive();
            assertThat(stats.tombstones()).isEqualTo(1);
            assertThat(store.timestampUnit()).isEqualTo(TimestampUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @MethodSource("archives")
    void isGoneOnWith(String archive) throws IOException {
        Path path = unpack(archive);
        SeriesBatch more = new SeriesBatch().add(Labels.of("s", "late"), SeriesType.COUNTER, 7, 9);
        model.write(more);
        try (SeriesStore store = SeriesFixture.open(path)) {
            store.write(more);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            store.decompress();
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            assertThat(store.compact()).isEqualTo(1);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            store.compress();
            assertThat(store.maintain().failures()).isZero();
        }
        try (SeriesStore store = SeriesFixture.open(path)) {
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
    }
}
