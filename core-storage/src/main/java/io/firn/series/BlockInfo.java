package io.firn.series;

/**
 * What the manifest says of a block.
 *
 * @param id its number, and the partition of its records in table {@code chunks}; never used again
 * @param order of two blocks with one timestamp of one series that with the higher order counts; a block that was cut
 *     has its number, one that was compacted the order of the newest that it replaces
 * @param firstSequence its first record in lane {@code blocks}
 * @param indexSequence its first record that belongs to the index
 * @param endSequence behind its last record
 * @param minTimestamp lowest timestamp, in the unit of the store
 * @param maxTimestamp highest timestamp, inclusive
 * @param samples number of samples
 * @param series number of series
 * @param chunks number of chunks
 * @param encodedBytes bytes of its records, with the index
 * @param createdMs when it was made, milliseconds
 * @param encoding how its samples are encoded
 */
record BlockInfo(
        long id,
        long order,
        long firstSequence,
        long indexSequence,
        long endSequence,
        long minTimestamp,
        long maxTimestamp,
        long samples,
        int series,
        int chunks,
        long encodedBytes,
        long createdMs,
        BlockEncoding encoding) {}
