package io.firn.series;

import java.util.Arrays;
import java.util.BitSet;
import java.util.PrimitiveIterator;

/**
 * Which samples of a head no commit of the log has: of each series those behind a number of samples. What the log
 * commits moves its position, so what was noted at an earlier one is forgotten by itself. Guarded by the store's lock
 * for writers.
 */
final class UncommittedSamples {
    private final BitSet series = new BitSet();
    private int[] committed = new int[0];
    private long position = -1;

    /**
     * A series gets samples that are not committed.
     *
     * @param count how many it has before
     * @param logPosition what is committed of the log
     */
    void add(int ref, int count, long logPosition) {
        if (position != logPosition) {
            position = logPosition;
            series.clear();
        }
        if (!series.get(ref)) {
            series.set(ref);
            if (ref >= committed.length) {
                committed = Arrays.copyOf(committed, Math.max(ref + 1, 2 * committed.length));
            }
            committed[ref] = count;
        }
    }

    /** The series that have such samples, ascending, while this much of the log is committed. */
    PrimitiveIterator.OfInt series(long logPosition) {
        return (position == logPosition ? series : new BitSet()).stream().iterator();
    }

    /** How many samples of such a series are committed; its others are not. */
    int committed(int ref) {
        return committed[ref];
    }

    /** Memory that it holds, bytes. */
    long heapBytes() {
        return (long) Integer.BYTES * committed.length + series.size() / Byte.SIZE;
    }
}
