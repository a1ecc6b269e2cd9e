package io.firn.series;

import io.firn.error.ClosedException;
import org.jspecify.annotations.Nullable;

/**
 * The result of a selection: series with at least one sample in the range, in the order of their labels, as they were
 * when it began. Close it: until then the blocks that it reads are not removed from the disk. Confined to one thread.
 */
public final class SeriesCursor implements AutoCloseable {
    private final SeriesSource source;
    private final Runnable onClose;
    private final ReadCounters counters;
    private @Nullable FirstSample present;
    private boolean closed;

    SeriesCursor(SeriesSource source, ReadCounters counters, Runnable onClose) {
        this.source = source;
        this.counters = counters;
        this.onClose = onClose;
    }

    /**
     * Moves to the next series.
     *
     * @return false at the end
     * @throws io.firn.error.CorruptDataException when stored bytes are damaged; the message names file and offset
     */
    public boolean next() {
        if (closed) {
            throw new ClosedException("The cursor over a selection of series is closed; select again");
        }
        leave();
        while (source.next()) {
            SampleCursor samples = source.samples();
            if (samples.next()) {
                present = new FirstSample(samples);
                counters.series();
                return true;
            }
        }
        return false;
    }

    /** Labels of the series that the cursor stands on. */
    public Labels labels() {
        present();
        return source.labels();
    }

    /** Its type, as it was said last. */
    public SeriesType type() {
        present();
        return source.type();
    }

    /** Its samples, once: the same cursor at each call, valid until the next {@link #next}. */
    public SampleCursor samples() {
        return present();
    }

    /** Copies the samples that {@link #samples} has left into arrays. */
    public SampleArrays toArrays() {
        return new SampleArrays().addAll(present());
    }

    /** Lets go of the blocks that it reads. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            leave();
            try {
                source.close();
            } finally {
                onClose.run();
            }
        }
    }

    private void leave() {
        FirstSample samples = present;
        if (samples != null) {
            counters.given(samples.given);
            present = null;
        }
    }

    private FirstSample present() {
        FirstSample samples = present;
        if (samples == null) {
            throw new IllegalStateException("the cursor stands on no series; call next() first");
        }
        return samples;
    }

    /** Shows the sample again that was read to know that there is one. */
    private static final class FirstSample implements SampleCursor {
        private final SampleCursor samples;
        private boolean begun;
        private long given;

        FirstSample(SampleCursor samples) {
            this.samples = samples;
        }

        @Override
        public boolean next() {
            boolean first = !begun;
            begun = true;
            boolean found = first || samples.next();
            if (found) {
                given++;
            }
            return found;
        }

        @Override
        public long timestamp() {
            return samples.timestamp();
        }

        @Override
        public double value() {
            return samples.value();
        }
    }
}
