package io.firn.series;

import java.nio.file.Path;

/**
 * A process that copies a source into a store until it is killed: it goes on where the store's mark says, in batches
 * that make blocks now and then. Record {@code n} of the source is the sample at time {@code n}, whose value also tells
 * by which run it was copied. Arguments: directory, samples of a batch, number of the run.
 */
public final class MarkingSeriesStore {
    static final String MARK = "source";
    static final Labels SERIES = StoreFixture.series(1);

    private MarkingSeriesStore() {}

    /** How the process and the test open the store. */
    static SeriesStoreOptions options() {
        return SeriesStoreOptions.builder()
                .set(SeriesOption.HEAD_MAX_SAMPLES, "1000")
                .set(SeriesOption.SEGMENT_SIZE, "128KiB")
                .set(SeriesOption.BACKGROUND_COMPACTION_INTERVAL, "20ms")
                .set(SeriesOption.COLD_AFTER, "20ms")
                .build();
    }

    static double value(long position, int run) {
        return position + run * 0.25;
    }

    /** The samples of the source from a position on. */
    static SeriesBatch batch(long position, int samples, int run) {
        long[] timestamps = new long[samples];
        double[] values = new double[samples];
        for (int i = 0; i < samples; i++) {
            timestamps[i] = position + i;
            values[i] = value(position + i, run);
        }
        return new SeriesBatch()
                .add(SERIES, SeriesType.COUNTER, timestamps, values)
                .mark(MARK, position + samples);
    }

    /** The process. */
    public static void main(String[] arguments) {
        SeriesStore store = SeriesStore.open(Path.of(arguments[0]), options());
        int samples = Integer.parseInt(arguments[1]);
        int run = Integer.parseInt(arguments[2]);
        while (true) {
            long position = store.marks().getOrDefault(MARK, 0L);
            store.write(batch(position, samples, run));
            System.out.println("marked " + (position + samples));
        }
    }
}
