package io.firn.series;

import java.util.Arrays;

/**
 * Memory for the samples of many series: pages of timestamps and values, in which each series has a chain of runs of
 * growing size. Nothing is ever moved or freed, so a reader needs no lock for what was there when it looked.
 *
 * <p>The first slot of a run holds its capacity and the address of the next run. One writer at a time; readers use a
 * {@link View} that was taken under a lock that the writer holds too.
 */
final class SampleArena {
    static final int NOWHERE = -1;

    private static final int PAGE_BITS = 12;
    private static final int PAGE_SLOTS = 1 << PAGE_BITS;
    private static final int FIRST_RUN_SLOTS = 4;
    private static final int MAX_RUN_SLOTS = 128;

    private long[][] timestamps = new long[0][];
    private double[][] values = new double[0][];
    private int pages;
    /** First free slot of the last page. */
    private int free = PAGE_SLOTS;

    /** Makes a run of a new series; returns its address. */
    int firstRun() {
        return newRun(FIRST_RUN_SLOTS);
    }

    /** Makes the run that follows a full one; returns its address. */
    int nextRun(int full) {
        int next = newRun(Math.min(MAX_RUN_SLOTS, 2 * (capacity(timestamps, full) + 1)));
        timestamps[full >>> PAGE_BITS][full & (PAGE_SLOTS - 1)] |= (long) (next + 1) << Integer.SIZE;
        return next;
    }

    /** How many samples a run holds. */
    int capacity(int run) {
        return capacity(timestamps, run);
    }

    /** Puts samples from an index of a run on, where they have room. */
    void put(int run, int index, SampleArrays source, int from, int count) {
        int slot = (run & (PAGE_SLOTS - 1)) + 1 + index;
        source.copy(from, count, timestamps[run >>> PAGE_BITS], values[run >>> PAGE_BITS], slot);
    }

    /** Memory that the pages hold, bytes. */
    long heapBytes() {
        return (long) pages * PAGE_SLOTS * (Long.BYTES + Double.BYTES);
    }

    View view() {
        return new View(timestamps, values);
    }

    private int newRun(int slots) {
        if (free + slots > PAGE_SLOTS) {
            newPage();
        }
        int run = (pages - 1) << PAGE_BITS | free;
        timestamps[pages - 1][free] = slots - 1L;
        free += slots;
        return run;
    }

    private void newPage() {
        if (pages == timestamps.length) {
            int length = Math.max(8, pages + pages / 2);
            timestamps = Arrays.copyOf(timestamps, length);
            values = Arrays.copyOf(values, length);
        }
        timestamps[pages] = new long[PAGE_SLOTS];
        values[pages] = new double[PAGE_SLOTS];
        pages++;
        free = 0;
    }

    private static int capacity(long[][] timestamps, int run) {
        return (int) timestamps[run >>> PAGE_BITS][run & (PAGE_SLOTS - 1)];
    }

    /** What was there when it was taken. Thread-safe for readers. */
    static final class View {
        private final long[][] timestamps;
        private final double[][] values;

        private View(long[][] timestamps, double[][] values) {
            this.timestamps = timestamps;
            this.values = values;
        }

        /** Appends the first samples of a chain, as many as there were, to a list. */
        void copy(int firstRun, int count, SampleArrays target) {
            int run = firstRun;
            int left = count;
            while (left > 0) {
                int page = run >>> PAGE_BITS;
                int slot = run & (PAGE_SLOTS - 1);
                int inRun = Math.min(left, capacity(timestamps, run));
                target.addAll(timestamps[page], values[page], slot + 1, inRun);
                left -= inRun;
                // Read only where a further run was there when the view was taken.
                run = left > 0 ? (int) (timestamps[page][slot] >>> Integer.SIZE) - 1 : NOWHERE;
            }
        }
    }
}
