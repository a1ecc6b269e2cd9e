package io.firn.table;

/**
 * The place of a record in the order of time.
 *
 * @param timestampNs timestamp, nanoseconds (saturated)
 * @param partitionPath Hive path of its partition
 * @param writer its writer
 * @param sequence its sequence
 */
record TimeKey(long timestampNs, String partitionPath, String writer, long sequence) implements Comparable<TimeKey> {
    @Override
    public int compareTo(TimeKey other) {
        int order = Long.compare(timestampNs, other.timestampNs);
        order = order != 0 ? order : partitionPath.compareTo(other.partitionPath);
        order = order != 0 ? order : writer.compareTo(other.writer);
        return order != 0 ? order : Long.compare(sequence, other.sequence);
    }
}
