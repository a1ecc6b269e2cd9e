package io.firn.lifecycle.verify;

/** Counts the records of one lane in one file. Confined to one thread. */
final class LaneTally {
    private long records;
    private long firstSequence;
    private long lastSequence;

    /** Counts a record; returns false when it does not stand above the one before. */
    boolean add(long sequence) {
        boolean ascends = records == 0 || sequence > lastSequence;
        firstSequence = records == 0 ? sequence : firstSequence;
        lastSequence = sequence;
        records++;
        return ascends;
    }

    long records() {
        return records;
    }

    long firstSequence() {
        return firstSequence;
    }

    long lastSequence() {
        return lastSequence;
    }
}
