package io.firn.lifecycle;

/**
 * What an erasure did, or in a dry run would do.
 *
 * @param records visible records that were erased; in a dry run those that would be
 * @param files files that held such a record, visible or not, and had to be rewritten; a hot segment that a crash left
 *     without a footer counts, too, because nobody knows what lies behind its last commit
 * @param openRecords records that stand in segments which their writers still have open: they are still there
 */
public record ErasureStats(long records, int files, long openRecords) {
    /** Nothing was erased. */
    public static final ErasureStats NONE = new ErasureStats(0, 0, 0);

    /** Both together. */
    ErasureStats plus(ErasureStats more) {
        return new ErasureStats(records + more.records, files + more.files, openRecords + more.openRecords);
    }
}
