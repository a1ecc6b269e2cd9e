package io.firn.series;

/** Samples of any series in the order in which they were written, as one record holds them. Confined to one thread. */
final class PointRun {
    private final int[] refs = new int[HeadRecords.MAX_SAMPLES];
    private final SampleArrays samples = new SampleArrays();

    int size() {
        return samples.size();
    }

    boolean isFull() {
        return size() == refs.length;
    }

    void clear() {
        samples.clear();
    }

    void add(int ref, long timestamp, double value) {
        refs[size()] = ref;
        samples.add(timestamp, value);
    }

    int ref(int index) {
        return refs[index];
    }

    /** Timestamps and values, as many as references. */
    SampleArrays samples() {
        return samples;
    }
}
