package io.firn.series;

import java.time.Duration;
import java.util.List;

/** One thing that is done to a prepared store, so that tests can let it fail at every point. */
enum StoreAct {
    WRITE {
        @Override
        void run(SeriesStore store) {
            store.write(batch());
        }

        @Override
        void apply(SeriesModel model) {
            model.write(batch());
        }
    },
    WRITE_AND_FLUSH {
        @Override
        void configure(StoreFixture fixture) {
            fixture.with("commit.every", "flush");
        }

        @Override
        void run(SeriesStore store) {
            store.write(batch());
            store.flush();
        }

        @Override
        void apply(SeriesModel model) {
            model.write(batch());
        }
    },
    CUT {
        @Override
        void run(SeriesStore store) {
            store.cut();
        }
    },
    DELETE {
        @Override
        void run(SeriesStore store) {
            store.delete(DELETED, DELETED_RANGE);
        }

        @Override
        void apply(SeriesModel model) {
            model.delete(DELETED, DELETED_RANGE);
        }
    },
    COMPACT {
        @Override
        void run(SeriesStore store) {
            store.compact();
        }
    },
    EXPIRE {
        @Override
        void run(SeriesStore store) {
            store.expire(Duration.ofMillis(LAST - OLD_END - 1));
        }

        @Override
        void apply(SeriesModel model) {
            model.delete(List.of(LabelMatcher.equal("s", "old")), TimeRange.ALL);
        }
    },
    COMPRESS {
        @Override
        void run(SeriesStore store) {
            store.compress();
        }
    };

    private static final List<LabelMatcher> DELETED = List.of(LabelMatcher.equal("g", "g1"));
    private static final TimeRange DELETED_RANGE = new TimeRange(50, 150);
    private static final long OLD_END = -9_900;
    private static final long LAST = 399;

    private static SeriesBatch batch() {
        SeriesBatch batch = new SeriesBatch();
        for (int i = 0; i < 50; i++) {
            batch.add(StoreFixture.series(i % 7), SeriesType.GAUGE, 30 * i % 400, i);
        }
        return batch;
    }

    /** Sets what the store needs for it. */
    void configure(StoreFixture fixture) {}

    /** Does it. */
    abstract void run(SeriesStore store);

    /** What it changes. */
    void apply(SeriesModel model) {}

    /** The model afterwards. */
    SeriesModel appliedTo(SeriesModel model) {
        SeriesModel copy = model.copy();
        apply(copy);
        return copy;
    }

    /** An old block, two that overlap with a deletion between them, and a head with overwritten and late samples. */
    static SeriesModel prepare(SeriesStore store) {
        SeriesModel model = new SeriesModel();
        SeriesBatch old = new SeriesBatch();
        for (long timestamp = -10_000; timestamp < OLD_END; timestamp++) {
            old.add(Labels.of("s", "old"), SeriesType.GAUGE, timestamp, timestamp / 4.0);
        }
        write(store, model, old);
        store.cut();
        write(store, model, samples(0, 200, 1));
        store.cut();
        List<LabelMatcher> matchers = List.of(LabelMatcher.equal("s", "n2"));
        store.delete(matchers, new TimeRange(20, 60));
        model.delete(matchers, new TimeRange(20, 60));
        write(store, model, samples(100, 300, 2));
        store.cut();
        write(store, model, samples(150, LAST + 1, 3));
        write(store, model, samples(10, 30, 4));
        store.flush();
        return model;
    }

    private static void write(SeriesStore store, SeriesModel model, SeriesBatch batch) {
        store.write(batch);
        model.write(batch);
    }

    private static SeriesBatch samples(long from, long to, int factor) {
        SeriesBatch batch = new SeriesBatch();
        for (int series = 0; series < 4; series++) {
            for (long timestamp = from; timestamp < to; timestamp++) {
                batch.add(StoreFixture.series(series), SeriesType.GAUGE, timestamp, factor * timestamp / 4.0);
            }
        }
        return batch;
    }
}
