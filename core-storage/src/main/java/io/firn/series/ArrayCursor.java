package io.firn.series;

/** Walks over samples in arrays. Confined to one thread. */
final class ArrayCursor implements SampleCursor {
    private final SampleArrays samples;
    private int at = -1;

    ArrayCursor(SampleArrays samples) {
        this.samples = samples;
    }

    /** Copies up to so many samples behind the present one, and stands on the last of them; returns their number. */
    int take(long[] timestamps, double[] values, int most) {
        int count = Math.min(most, samples.size() - at - 1);
        samples.copy(at + 1, count, timestamps, values, 0);
        at += count;
        return count;
    }

    @Override
    public boolean next() {
        return ++at < samples.size();
    }

    @Override
    public long timestamp() {
        return samples.timestamp(at);
    }

    @Override
    public double value() {
        return samples.value(at);
    }
}
