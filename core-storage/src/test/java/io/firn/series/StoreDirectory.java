package io.firn.series;

import io.firn.fs.FileStore;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;

/** A store on real files and the system's clock, as a user has it; the background is off unless a test wants it. */
final class StoreDirectory {
    static final List<LabelMatcher> ALL = List.of(LabelMatcher.regex("s", ".+"));

    private static final int BATCH_SAMPLES = 100_000;

    private final Path path;
    private final TableEnvironment environment;
    private final Map<String, String> options = new TreeMap<>();

    StoreDirectory(Path path) {
        this(path, TableEnvironment.system());
    }

    /** On files that a test lets fail, and the system's clock. */
    StoreDirectory(Path path, FileStore files) {
        this(path, TableEnvironment.deterministic(files, InstantSource.system()));
    }

    private StoreDirectory(Path path, TableEnvironment environment) {
        this.path = path;
        this.environment = environment;
        options.put("background.enabled", "false");
        options.put("cold.after", "none");
    }

    StoreDirectory with(String... namesAndTexts) {
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            options.put(namesAndTexts[i], namesAndTexts[i + 1]);
        }
        return this;
    }

    SeriesStore open() {
        SeriesStoreOptions.Builder builder = SeriesStoreOptions.builder().environment(environment);
        options.forEach((key, text) -> builder.set(SeriesOption.find(key).orElseThrow(), text));
        return SeriesStore.open(path, builder.build());
    }

    Path path() {
        return path;
    }

    /** A table of the store, closed by the caller; its buffers are those that the store uses. */
    Table table(String name) {
        return Table.open(path.resolve(name), environment);
    }

    /** What {@code firn verify} finds. */
    List<String> damages() {
        List<String> damages = new ArrayList<>();
        for (String name : List.of("samples", "chunks", "blocks")) {
            try (Table table = table(name)) {
                TableVerifier.verify(table).damages().forEach(damage -> damages.add(name + ": " + damage));
            }
        }
        return damages;
    }

    /** Samples of one series, at timestamps that follow each other. */
    static SeriesBatch batch(int series, long from, int count, LongToDoubleFunction values) {
        SeriesBatch batch = new SeriesBatch();
        add(batch, series, from, count, values);
        return batch;
    }

    static void add(SeriesBatch batch, int series, long from, int count, LongToDoubleFunction values) {
        Labels labels = StoreFixture.series(series);
        for (int i = 0; i < count; i++) {
            batch.add(labels, SeriesType.GAUGE, from + i, values.applyAsDouble(from + i));
        }
    }

    /** A block in which each series has the same number of samples that nothing compresses, 8 bytes each. */
    static void writeNoise(SeriesStore store, int series, int samples) {
        writeNoise(store, series, samples, 0);
    }

    /** The same with other values for each seed. */
    static void writeNoise(SeriesStore store, int series, int samples, int seed) {
        SeriesBatch batch = new SeriesBatch();
        for (int i = 0; i < series; i++) {
            add(batch, i, 0, samples, noise(seed, i));
            if (batch.size() >= BATCH_SAMPLES || i == series - 1) {
                store.write(batch);
                batch.clear();
            }
        }
        store.cut();
    }

    /** The values of a series of noise, by their timestamps. */
    static LongToDoubleFunction noise(int seed, int series) {
        long values = new SplittableRandom(((long) seed << 32) + series).nextLong();
        return at -> Double.longBitsToDouble(new SplittableRandom(values + at).nextLong() >>> 2);
    }

    /** Reads all of one series. */
    static int read(SeriesStore store, int series) {
        return samples(store, series).size();
    }

    /** Reads all samples of one series, none without such a series. */
    static SampleArrays samples(SeriesStore store, int series) {
        try (SeriesCursor cursor = store.select(LabelMatcher.equal("s", "n" + series))) {
            return cursor.next() ? cursor.toArrays() : new SampleArrays();
        }
    }

    /** Numbers of series in the order of their labels, which is the one that they stand in in a block. */
    static List<Integer> order(int series) {
        return IntStream.range(0, series)
                .boxed()
                .sorted(Comparator.comparing(StoreFixture::series))
                .toList();
    }

    static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name))
                .count();
    }
}
