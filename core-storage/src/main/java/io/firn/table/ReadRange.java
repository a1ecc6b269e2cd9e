package io.firn.table;

/**
 * A part of a lane that one reader reads: sequences, never files, so that it stays the same whatever is settled,
 * compressed or compacted meanwhile.
 *
 * @param writer name of the lane's writer
 * @param fromSequence first sequence, inclusive
 * @param toSequence end, exclusive
 * @param minTimestampNs about the lowest timestamp in it, nanoseconds
 * @param records about how many records it holds before records of files are chosen by time
 * @param bytes about how many uncompressed bytes those have
 */
public record ReadRange(
        String writer, long fromSequence, long toSequence, long minTimestampNs, long records, long bytes) {}
