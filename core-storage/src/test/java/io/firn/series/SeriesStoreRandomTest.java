package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** A store and a plain model go through the same random operations and show the same after each. */
class SeriesStoreRandomTest {
    private static final int SERIES = 9;
    private static final int TIMES = 400;

    private static final List<Operation> OPERATIONS = List.of(Operation.values());

    /** What can be done to a store. */
    private enum Operation {
        WRITE,
        WRITE_MANY,
        WRITE_LATE,
        OVERWRITE,
        DELETE,
        CUT,
        COMPACT,
        MAINTAIN,
        COMPRESS,
        DECOMPRESS,
        FLUSH,
        FORGET_INDEXES,
        REOPEN
    }

    @Test
    void storeAndModelShowTheSame() {
        Randomized.forAll(12, random -> {
            StoreFixture fixture = new StoreFixture(new InMemoryFileStore())
                    .with("commit.every", random.nextBoolean() ? "write" : "1s")
                    .with("head.max.samples", "700")
                    .with("compact.min.blocks", "3")
                    .with("promote.reads", "3")
                    .with("cold.after", "1h");
            SeriesModel model = new SeriesModel();
            SeriesStore store = fixture.open();
            try {
                for (int step = 0; step < 120; step++) {
                    Operation operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
                    if (operation == Operation.REOPEN) {
                        store.close();
                        store = fixture.open();
                    } else {
                        run(operation, store, model, random);
                    }
                    fixture.pass(Duration.ofSeconds(random.nextInt(1200)));
                    check(store, model, random, step + " " + operation);
                }
            } finally {
                store.close();
            }
            assertThat(fixture.damages()).isEmpty();
        });
    }

    private static void run(Operation operation, SeriesStore store, SeriesModel model, RandomGenerator random) {
        switch (operation) {
            case WRITE -> write(store, model, batch(random, 1 + random.nextInt(20), TIMES));
            case WRITE_MANY -> write(store, model, batch(random, 1 + random.nextInt(400), 100 * TIMES));
            case WRITE_LATE -> write(store, model, batch(random, 5, TIMES / 4));
            case OVERWRITE -> write(store, model, batch(random, 30, 20));
            case DELETE -> {
                List<LabelMatcher> matchers = matchers(random);
                TimeRange range = range(random);
                store.delete(matchers, range);
                model.delete(matchers, range);
            }
            case CUT -> store.cut();
            case COMPACT -> {
                store.compact();
                assertThat(store.stats().tombstones()).isZero();
            }
            case MAINTAIN -> assertThat(store.maintain().failures()).isZero();
            case COMPRESS -> assertThat(store.compress().errors()).isEmpty();
            case DECOMPRESS -> assertThat(store.decompress().errors()).isEmpty();
            case FLUSH -> store.flush();
            case FORGET_INDEXES -> store.forgetIndexes();
            case REOPEN -> throw new IllegalArgumentException("done by the caller");
        }
    }

    private static void write(SeriesStore store, SeriesModel model, SeriesBatch batch) {
        store.write(batch);
        model.write(batch);
    }

    private static SeriesBatch batch(RandomGenerator random, int samples, int times) {
        SeriesBatch batch = new SeriesBatch();
        Labels labels = StoreFixture.series(random.nextInt(SERIES));
        for (int i = 0; i < samples; i++) {
            if (random.nextInt(4) == 0) {
                labels = StoreFixture.series(random.nextInt(SERIES));
            }
            SeriesType type = labels.hashCode() % 2 == 0 ? SeriesType.GAUGE : SeriesType.COUNTER;
            batch.add(labels, type, random.nextInt(times) - times / 4, random.nextInt(1000) / 8.0);
        }
        return batch;
    }

    private static void check(SeriesStore store, SeriesModel model, RandomGenerator random, String after) {
        List<LabelMatcher> matchers = matchers(random);
        TimeRange range = range(random);
        assertThat(SeriesModel.select(store, matchers, range))
                .as("after %s: %s %s", after, matchers, range)
                .isEqualTo(model.select(matchers, range));
        if (random.nextInt(10) == 0) {
            assertThat(SeriesModel.all(store)).as("all after %s", after).isEqualTo(model.all());
        }
    }

    private static TimeRange range(RandomGenerator random) {
        if (random.nextInt(4) == 0) {
            return TimeRange.ALL;
        }
        long from = random.nextLong(2L * TIMES) - TIMES;
        return new TimeRange(from, from + 1 + random.nextInt(TIMES));
    }

    private static List<LabelMatcher> matchers(RandomGenerator random) {
        List<LabelMatcher> matchers = new ArrayList<>();
        int number = random.nextInt(SERIES);
        matchers.add(
                switch (random.nextInt(3)) {
                    case 0 -> LabelMatcher.equal("s", "n" + number);
                    case 1 -> LabelMatcher.regex("s", "n[0-" + number + "]");
                    default -> LabelMatcher.equal("g", "g" + number % 3);
                });
        switch (random.nextInt(4)) {
            case 0 -> matchers.add(LabelMatcher.notEqual("s", "n" + random.nextInt(SERIES)));
            case 1 -> matchers.add(LabelMatcher.notRegex("g", "g[01]"));
            case 2 -> matchers.add(LabelMatcher.notEqual("absent", "x"));
            default -> {}
        }
        return matchers;
    }
}
