package io.firn.cache;

/**
 * Places of an entry in the files of a {@link LocalLevel}: runs of slots, each a first slot and a number of slots.
 * Immutable, thread-safe; nobody changes the array.
 */
final class SlotRuns {
    private final int[] pairs;

    /** Takes over an array of first slot, count, first slot, count. */
    SlotRuns(int[] pairs) {
        this.pairs = pairs;
    }

    int count() {
        return pairs.length / 2;
    }

    int firstSlot(int run) {
        return pairs[2 * run];
    }

    int slots(int run) {
        return pairs[2 * run + 1];
    }

    /** Slots of all runs. */
    int totalSlots() {
        int total = 0;
        for (int run = 0; run < count(); run++) {
            total += slots(run);
        }
        return total;
    }
}
