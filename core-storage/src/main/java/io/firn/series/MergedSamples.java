package io.firn.series;

import java.util.List;

/**
 * Samples of one series from several cursors, each ascending; of equal timestamps that of the later cursor counts.
 * Meant for a handful: each step looks at all. Confined to one thread.
 */
final class MergedSamples implements SampleCursor {
    /** Those that stand on a sample are in front. */
    private final SampleCursor[] cursors;

    private int left;
    private boolean started;
    private long timestamp;
    private double value;

    /** Merges cursors that all stand on their first sample. */
    MergedSamples(List<SampleCursor> cursors) {
        this.cursors = cursors.toArray(new SampleCursor[0]);
        this.left = this.cursors.length;
    }

    @Override
    public boolean next() {
        if (started) {
            pass();
        }
        started = true;
        if (left == 0) {
            return false;
        }
        SampleCursor chosen = cursors[0];
        for (int i = 1; i < left; i++) {
            if (cursors[i].timestamp() <= chosen.timestamp()) {
                chosen = cursors[i];
            }
        }
        timestamp = chosen.timestamp();
        value = chosen.value();
        return true;
    }

    /** Moves every cursor on that stands on the last timestamp; the others keep their order. */
    private void pass() {
        int kept = 0;
        for (int i = 0; i < left; i++) {
            SampleCursor cursor = cursors[i];
            if (cursor.timestamp() != timestamp || cursor.next()) {
                cursors[kept++] = cursor;
            }
        }
        left = kept;
    }

    @Override
    public long timestamp() {
        return timestamp;
    }

    @Override
    public double value() {
        return value;
    }
}
