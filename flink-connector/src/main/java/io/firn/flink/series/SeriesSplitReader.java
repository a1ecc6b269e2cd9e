package io.firn.flink.series;

import io.firn.error.FirnException;
import io.firn.series.Labels;
import io.firn.series.SampleArrays;
import io.firn.series.SampleCursor;
import io.firn.series.SeriesCursor;
import io.firn.series.SeriesReader;
import io.firn.series.TimeRange;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.flink.connector.base.source.reader.RecordsBySplits;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.jspecify.annotations.Nullable;

/** Reads one split after the other. Confined to the fetcher's thread. */
final class SeriesSplitReader implements SplitReader<SampleRun, SeriesSplit> {
    private static final int MAX_SAMPLES = 2048;

    private final SeriesSettings settings;
    private final Deque<SeriesSplit> splits = new ArrayDeque<>();
    private @Nullable SeriesReader reader;
    private @Nullable Reading reading;

    SeriesSplitReader(SeriesSettings settings) {
        this.settings = settings;
    }

    /** A split that is being read. */
    private static final class Reading {
        private final SeriesSplit split;
        private final SeriesCursor cursor;
        /** The series that was emitted last before a restart. */
        private final @Nullable Labels emitted;

        private @Nullable SampleCursor samples;
        /** Whether samples of the present series were emitted before the restart. */
        private boolean begun;

        Reading(SeriesSplit split, SeriesCursor cursor) {
            this.split = split;
            this.cursor = cursor;
            this.emitted = split.position()
                    .map(position -> Labels.of(position.labels().toArray(String[]::new)))
                    .orElse(null);
        }

        /** The next series that is not emitted as a whole already; null at the end. */
        @Nullable
        SampleCursor nextSeries() {
            while (cursor.next()) {
                int order = emitted == null ? 1 : cursor.labels().compareTo(emitted);
                if (order >= 0) {
                    begun = order == 0;
                    return cursor.samples();
                }
            }
            return null;
        }

        boolean wasEmitted(long timestamp) {
            return begun && timestamp <= split.position().orElseThrow().timestamp();
        }
    }

    @Override
    public RecordsWithSplitIds<SampleRun> fetch() throws IOException {
        RecordsBySplits.Builder<SampleRun> fetched = new RecordsBySplits.Builder<>();
        try {
            Reading present = present();
            if (present != null && !read(present, fetched)) {
                present.cursor.close();
                reading = null;
                fetched.addFinishedSplit(present.split.splitId());
            }
        } catch (FirnException failed) {
            throw new IOException(
                    "Cannot read the series of " + settings.location().table() + ": " + failed.getMessage(), failed);
        }
        return fetched.build();
    }

    private @Nullable Reading present() {
        Reading present = reading;
        SeriesSplit next = present == null ? splits.poll() : null;
        if (next == null) {
            return present;
        }
        SeriesReader stores = reader;
        if (stores == null) {
            stores = settings.open();
            reader = stores;
        }
        Reading begun =
                new Reading(next, stores.scan(settings.choice().matchers(), new TimeRange(next.from(), next.to())));
        reading = begun;
        return begun;
    }

    /** Reads a few thousand samples; false at the end. */
    private boolean read(Reading present, RecordsBySplits.Builder<SampleRun> fetched) {
        int count = 0;
        while (count < MAX_SAMPLES) {
            SampleCursor samples = present.samples == null ? present.nextSeries() : present.samples;
            if (samples == null) {
                return false;
            }
            SampleRun run = take(present, samples, MAX_SAMPLES - count);
            if (run.samples().size() > 0) {
                count += run.samples().size();
                fetched.add(present.split.splitId(), run);
            }
        }
        return true;
    }

    private SampleRun take(Reading present, SampleCursor samples, int limit) {
        SampleArrays taken = new SampleArrays();
        present.samples = samples;
        while (taken.size() < limit) {
            if (!samples.next()) {
                present.samples = null;
                break;
            }
            if (!present.wasEmitted(samples.timestamp())) {
                taken.add(samples.timestamp(), samples.value());
            }
        }
        return new SampleRun(present.cursor.labels(), stores().timestampUnit(), taken);
    }

    private SeriesReader stores() {
        SeriesReader open = reader;
        if (open == null) {
            throw new IllegalStateException("nothing is open");
        }
        return open;
    }

    @Override
    public void handleSplitsChanges(SplitsChange<SeriesSplit> change) {
        splits.addAll(change.splits());
    }

    @Override
    public void wakeUp() {
        // it never waits
    }

    @Override
    public void close() {
        Reading present = reading;
        SeriesReader open = reader;
        reading = null;
        reader = null;
        if (present != null) {
            present.cursor.close();
        }
        if (open != null) {
            open.close();
        }
    }
}
