package io.firn.lifecycle;

/**
 * Which records shall be removed for ever, wherever in the table they stand.
 *
 * @param records the records
 * @param dryRun only count them, change nothing
 */
public record Erasure(RecordChoice records, boolean dryRun) {
    /** Removes these records. */
    public static Erasure of(RecordChoice records) {
        return new Erasure(records, false);
    }

    /** Counts these records. */
    public static Erasure counting(RecordChoice records) {
        return new Erasure(records, true);
    }
}
