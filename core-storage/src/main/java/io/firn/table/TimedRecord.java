package io.firn.table;

/**
 * A copy of a record with its place in the order of time.
 *
 * @param key its place
 * @param record the copy
 * @param sizeBytes what the copy holds of the heap, about
 */
record TimedRecord(TimeKey key, BufferedRecord record, long sizeBytes) {}
