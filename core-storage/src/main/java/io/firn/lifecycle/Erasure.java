package io.firn.lifecycle;

/**
 * Which records shall be removed for ever, wherever in the table they stand.
 *
 * @param keys the keys of the records
 * @param dryRun only count them, change nothing
 */
public record Erasure(RecordKeys keys, boolean dryRun) {
    /** Removes the records of these keys. */
    public static Erasure of(RecordKeys keys) {
        return new Erasure(keys, false);
    }

    /** Counts the records of these keys. */
    public static Erasure counting(RecordKeys keys) {
        return new Erasure(keys, true);
    }
}
