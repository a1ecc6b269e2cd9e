package io.firn.series.codec;

/** The values of one vector and their bit patterns, used again for one vector after another. Confined to one thread. */
final class ValueVector {
    private final double[] values;
    private final long[] bits;
    private int count;
    private DecimalHint hint = new DecimalHint();

    ValueVector(int maxCount) {
        values = new double[maxCount];
        bits = new long[maxCount];
    }

    void load(SampleRange samples, DecimalHint seriesHint) {
        clear(seriesHint);
        count = samples.count();
        samples.copyValues(values);
        for (int i = 0; i < count; i++) {
            bits[i] = Double.doubleToRawLongBits(values[i]);
        }
    }

    void clear(DecimalHint seriesHint) {
        count = 0;
        hint = seriesHint;
    }

    void add(double value, long pattern) {
        values[count] = value;
        bits[count++] = pattern;
    }

    int count() {
        return count;
    }

    double[] values() {
        return values;
    }

    long[] bits() {
        return bits;
    }

    DecimalHint hint() {
        return hint;
    }
}
