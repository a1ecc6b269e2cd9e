package io.firn.series.codec;

import java.util.Arrays;

/**
 * Runs of one bit pattern.
 *
 * <pre>
 * varint runs
 * integers: length of each run less one
 * inner values: the value of each run
 * </pre>
 *
 * Confined to one thread.
 */
final class RunLengthValues implements ValueColumn {
    /** With more runs than three for four values there is nothing to win. */
    private static final int MAX_RUNS_OF_FOUR = 3;

    private final IntegerVector integerVector;
    private final InnerValues inner;
    private final long[] lengths;
    private final double[] runValues;

    RunLengthValues(int maxCount) {
        integerVector = new IntegerVector(maxCount);
        inner = new InnerValues(maxCount);
        lengths = new long[maxCount];
        runValues = new double[maxCount];
    }

    @Override
    public boolean encode(ValueVector vector, ByteSink sink, int limitBytes) {
        if (vector.changes() >= vector.count() * MAX_RUNS_OF_FOUR / 4) {
            return false;
        }
        ValueVector runs = inner.vectorWithin(vector);
        collectRuns(vector, runs);
        int start = sink.size();
        sink.unsigned(runs.count());
        integerVector.encode(lengths, runs.count(), sink);
        return inner.encode(sink, limitBytes - (sink.size() - start));
    }

    private void collectRuns(ValueVector vector, ValueVector runs) {
        long[] bits = vector.bits();
        int begin = 0;
        for (int i = 1; i <= vector.count(); i++) {
            if (i == vector.count() || bits[i] != bits[begin]) {
                lengths[runs.count()] = (long) i - begin - 1;
                runs.add(vector.values()[begin], bits[begin]);
                begin = i;
            }
        }
    }

    @Override
    public void decode(ByteSource source, int count, double[] target, int at) {
        int found = source.count(count, "number of runs");
        if (found == 0) {
            throw source.corrupt("no run for " + count + " values");
        }
        integerVector.decode(source, found, lengths);
        inner.decode(source, found, runValues);
        int filled = 0;
        for (int i = 0; i < found; i++) {
            long length = lengths[i];
            if (length < 0 || length >= count - filled) {
                throw source.corrupt("run of " + length + " more where " + (count - filled) + " values are left");
            }
            Arrays.fill(target, at + filled, at + filled + (int) length + 1, runValues[i]);
            filled += (int) length + 1;
        }
        if (filled != count) {
            throw source.corrupt("runs of " + filled + " values instead of " + count);
        }
    }
}
