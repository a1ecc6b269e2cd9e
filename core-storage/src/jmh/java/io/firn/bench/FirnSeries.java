package io.firn.bench;

import io.firn.series.LabelMatcher;
import io.firn.series.Labels;
import io.firn.series.SampleCursor;
import io.firn.series.SeriesBatch;
import io.firn.series.SeriesCursor;
import io.firn.series.SeriesStore;
import io.firn.series.SeriesStoreOptions;
import io.firn.series.SeriesType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** The series store on the data of a comparison. */
final class FirnSeries {
    private static final String NAME = "__name__";
    private static final String METRIC = "m";

    private final SeriesData data;
    private final Labels[] labels;

    FirnSeries(SeriesData data) {
        this.data = data;
        this.labels = new Labels[data.series()];
        Arrays.setAll(labels, i -> Labels.of(NAME, METRIC, "series", String.format("s%04d", i)));
    }

    static SeriesStore open(Path directory, String commitEvery) {
        return SeriesStore.open(
                directory, SeriesStoreOptions.fromProperties(Map.of("commit.every", commitEvery, "cold.after", "none")));
    }

    /** Writes everything, so many samples of a series at a time and so many series in a batch. */
    void write(SeriesStore store, int rows, int seriesOfBatch) {
        SeriesBatch batch = new SeriesBatch();
        int count = data.timestamps().length;
        for (int from = 0; from < count; from += rows) {
            long[] timestamps = new long[Math.min(rows, count - from)];
            double[] values = new double[timestamps.length];
            for (int series = 0; series < data.series(); series++) {
                data.copy(series, from, timestamps, values);
                batch.add(labels[series], SeriesType.GAUGE, timestamps, values);
                if ((series + 1) % seriesOfBatch == 0 || series + 1 == data.series()) {
                    store.write(batch);
                    batch.clear();
                }
            }
        }
    }

    /** Reads all samples of all series and looks at each; returns their number. */
    static long read(SeriesStore store, SampleCheck check) {
        long found = 0;
        int series = 0;
        try (SeriesCursor cursor = store.select(LabelMatcher.equal(NAME, METRIC))) {
            while (cursor.next()) {
                check.series(series++);
                SampleCursor samples = cursor.samples();
                while (samples.next()) {
                    check.sample(samples.timestamp(), samples.value());
                    found++;
                }
            }
        }
        return found;
    }
}
