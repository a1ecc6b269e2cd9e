package io.firn.series;

/** Walks over samples in arrays. Confined to one thread. */
final class ArrayCursor implements SampleCursor {
    private final SampleArrays samples;
    private int at = -1;

    ArrayCursor(SampleArrays samples) {
        this.samples = samples;
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
