package io.firn.series;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a process with a store does until it is killed, step by step. Each step follows from its number alone, so that
 * the test knows what the killed process has written. Thread-safe: no state.
 */
final class KilledSteps {
    /** Series whose samples retention may remove. */
    static final LabelMatcher OLD = LabelMatcher.equal("g", "old");
    /** All others. */
    static final LabelMatcher PRESENT = LabelMatcher.notEqual("g", "old");
    /** Every series has this label. */
    static final LabelMatcher ANY = LabelMatcher.regex("s", ".+");
    /** An age between those of old and of present samples. */
    static final Duration OLD_AGE = Duration.ofSeconds(500);

    private static final long PRESENT_FROM = 1_000_000;
    private static final int PRESENT_RANGE = 2_000;
    private static final int OLD_RANGE = 500;
    private static final int SERIES = 12;
    private static final int MAX_SAMPLES = 300;

    /** Kinds of steps. */
    enum Kind {
        WRITE,
        DELETE,
        /** A write of old samples, into a block of their own if nobody writes meanwhile. */
        WRITE_OLD
    }

    private KilledSteps() {}

    /** What a step does. */
    static Kind kind(long step) {
        return switch ((int) (step % 9)) {
            case 4 -> Kind.DELETE;
            case 7 -> Kind.WRITE_OLD;
            default -> Kind.WRITE;
        };
    }

    /** Does a step; on return it is durable. */
    static void run(SeriesStore store, long step) {
        switch (kind(step)) {
            case WRITE -> write(store, step);
            case DELETE -> store.delete(deleted(step), deletedRange(step));
            case WRITE_OLD -> {
                store.cut();
                write(store, step);
                store.cut();
            }
        }
    }

    private static void write(SeriesStore store, long step) {
        store.write(batch(step));
        store.flush();
    }

    /** Does it in a model. */
    static void apply(SeriesModel model, long step) {
        if (kind(step) == Kind.DELETE) {
            model.delete(deleted(step), deletedRange(step));
        } else {
            model.write(batch(step));
        }
    }

    /** Timestamps are written again and again, each time with another value. */
    private static SeriesBatch batch(long step) {
        SplittableRandom random = new SplittableRandom(step);
        boolean old = kind(step) == Kind.WRITE_OLD;
        SeriesBatch batch = new SeriesBatch();
        int samples = 1 + random.nextInt(MAX_SAMPLES);
        for (int i = 0; i < samples; i++) {
            int number = random.nextInt(SERIES);
            Labels labels = old
                    ? Labels.of("s", "old" + number, "g", "old")
                    : Labels.of("s", "n" + number, "g", "g" + number % 3);
            long timestamp = old ? random.nextInt(OLD_RANGE) : PRESENT_FROM + random.nextInt(PRESENT_RANGE);
            batch.add(labels, SeriesType.GAUGE, timestamp, step + i / 1_000.0);
        }
        return batch;
    }

    private static List<LabelMatcher> deleted(long step) {
        return List.of(LabelMatcher.equal("g", "g" + step % 3));
    }

    private static TimeRange deletedRange(long step) {
        SplittableRandom random = new SplittableRandom(step);
        long from = PRESENT_FROM + random.nextInt(PRESENT_RANGE);
        return new TimeRange(from, from + 1 + random.nextInt(PRESENT_RANGE / 2));
    }
}
