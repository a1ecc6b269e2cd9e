package io.firn.series.codec;

/** The values of one vector and their bit patterns, used again for one vector after another. Confined to one thread. */
final class ValueVector {
    private final double[] values;
    private final long[] bits;
    private int count;
    private int changes;
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
        changes = changes(bits, count);
    }

    /** Counts without a branch: of a difference and its negative one has the highest bit, unless both are 0. */
    private static int changes(long[] bits, int count) {
        long changes = 0;
        for (int i = 1; i < count; i++) {
            long difference = bits[i] ^ bits[i - 1];
            changes += (difference | -difference) >>> (Long.SIZE - 1);
        }
        return (int) changes;
    }

    void clear(DecimalHint seriesHint) {
        count = 0;
        changes = 0;
        hint = seriesHint;
    }

    void add(double value, long pattern) {
        changes += count > 0 && bits[count - 1] != pattern ? 1 : 0;
        values[count] = value;
        bits[count++] = pattern;
    }

    /** How often a value differs from the one before. */
    int changes() {
        return changes;
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
