package io.firn.series;

import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.table.TableEnvironment;
import io.firn.testing.ZippedDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * The store that is checked in for every version of the format: hot samples of which some replace others, blocks WARM
 * and COLD, and a deletion that nothing has carried out yet. Made by {@code mvn -Pbench -pl core-storage -am
 * -DskipTests verify -Dbench.main=io.firn.series.SeriesFixture -Djmh.args=<directory>}; never again for a version that
 * was released.
 */
public final class SeriesFixture {
    /** What the program makes; a new form of the files gets a new name. */
    static final String PRESENT = "series-v1.zip";
    /** Every archive that must be readable. */
    static final List<String> ALL = List.of(PRESENT);

    static final int DELETED_FROM = 500;
    static final int DELETED_TO = 1_500;

    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);
    private static final int SAMPLES = 3_000;
    private static final double[] ODD_VALUES = {
        0.0,
        -0.0,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MAX_VALUE,
        Double.longBitsToDouble(0x7FF8_0000_0000_1234L),
        Double.longBitsToDouble(0xFFF0_0000_0000_0001L)
    };

    private SeriesFixture() {}

    /** Values that each codec is made for. */
    private enum Family {
        CONSTANT(SeriesType.UNTYPED, 0),
        RUNS(SeriesType.GAUGE, 1),
        TWO_DECIMALS(SeriesType.GAUGE, 2),
        COUNTER(SeriesType.COUNTER, 0),
        FLOATS(SeriesType.HISTOGRAM, 1),
        FEW_DISTINCT(SeriesType.SUMMARY, 2),
        RANDOM_BITS(SeriesType.GAUGE, 0),
        ODD(SeriesType.GAUGE, 1);

        private final SeriesType type;
        private final int group;

        Family(SeriesType type, int group) {
            this.type = type;
            this.group = group;
        }

        private double value(long timestamp, int version) {
            int hash = Long.hashCode(timestamp * 0x9E37_79B9_7F4A_7C15L);
            return switch (this) {
                case CONSTANT -> 42 + version;
                case RUNS -> (double) (timestamp / 100 + version);
                case TWO_DECIMALS -> (hash % 1_000 + version) / 100.0;
                case COUNTER -> 17.0 * (double) timestamp + (hash & 15) + version;
                case FLOATS -> (float) Math.sqrt((double) (timestamp + version));
                case FEW_DISTINCT -> Math.cbrt((hash & 3) + version);
                case RANDOM_BITS -> Double.longBitsToDouble(hash * 0x1234_5678_9ABC_DEFL + version);
                case ODD -> ODD_VALUES[(int) ((timestamp + version) % ODD_VALUES.length)];
            };
        }

        private Labels labels() {
            return Labels.of("s", name(), "unit", "°C", "空", "値 " + group);
        }
    }

    /** Which series the deletion concerns. */
    static List<LabelMatcher> deleted() {
        return List.of(LabelMatcher.regex("s", "R.*"));
    }

    /** Opens a store of a version at the time when it was made. */
    static SeriesStore open(Path path) {
        TableEnvironment environment =
                TableEnvironment.deterministic(LocalFileStore.open(IoMode.AUTO), InstantSource.fixed(NOW));
        return SeriesStore.open(
                path,
                SeriesStoreOptions.builder()
                        .environment(environment)
                        .set(SeriesOption.TIMESTAMP_UNIT, "s")
                        .set(SeriesOption.SEGMENT_SIZE, "128KiB")
                        .build());
    }

    /** What the store holds. */
    static SeriesModel model() {
        SeriesModel model = new SeriesModel();
        List.of(cold(), warm()).forEach(model::write);
        model.delete(deleted(), new TimeRange(DELETED_FROM, DELETED_TO));
        model.write(hot());
        return model;
    }

    private static SeriesBatch cold() {
        return batch(0, SAMPLES, 1, 0);
    }

    private static SeriesBatch warm() {
        return batch(SAMPLES / 2, SAMPLES + SAMPLES / 2, 3, 1);
    }

    private static SeriesBatch hot() {
        SeriesBatch batch = batch(1_000, 4_800, 37, 2);
        batch.add(Labels.of("s", "late"), SeriesType.GAUGE, 7, 1.5);
        batch.add(Labels.of("s", "late"), SeriesType.GAUGE, -3, 2.5);
        batch.add(Labels.of("s", "late"), SeriesType.GAUGE, 7, 3.5);
        return batch;
    }

    private static SeriesBatch batch(int from, int to, int step, int version) {
        SeriesBatch batch = new SeriesBatch();
        for (Family family : Family.values()) {
            for (int timestamp = from; timestamp < to; timestamp += step) {
                batch.add(family.labels(), family.type, timestamp, family.value(timestamp, version));
            }
        }
        return batch;
    }

    /** Makes {@code <directory>/store} and packs it beside that. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        Path path = directory.resolve("store");
        try (SeriesStore store = open(path)) {
            store.write(cold());
            store.cut();
            store.compress();
            store.write(warm());
            store.cut();
            store.delete(deleted(), new TimeRange(DELETED_FROM, DELETED_TO));
            store.write(hot());
        }
        ZippedDirectory.pack(path, directory.resolve(PRESENT));
    }
}
