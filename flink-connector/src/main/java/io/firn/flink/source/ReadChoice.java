package io.firn.flink.source;

import io.firn.error.ConfigException;
import io.firn.partition.PartitionFilter;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import java.io.Serializable;

/**
 * Which records of a table are read.
 *
 * @param where which partitions, as the command line's {@code --where} says it; empty for all
 * @param fromNs lowest timestamp, nanoseconds, inclusive
 * @param toNs end of the timestamps, nanoseconds, exclusive; {@link Long#MAX_VALUE} means no end
 */
public record ReadChoice(String where, long fromNs, long toNs) implements Serializable {
    /** Everything. */
    public static final ReadChoice ALL = new ReadChoice("", Long.MIN_VALUE, Long.MAX_VALUE);

    private static final long serialVersionUID = 1L;
    /** What a checkpoint can hold of a text. */
    private static final int MAX_WHERE_BYTES = 65_535;

    /** Checks the filter's length. */
    public ReadChoice {
        int bytes = where.chars().map(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : 3).sum();
        if (bytes > MAX_WHERE_BYTES) {
            throw new ConfigException("A filter of " + bytes + " bytes is too long; a source takes " + MAX_WHERE_BYTES
                    + ". Use ranges in the place of lists, or filter behind the source");
        }
    }

    /** The scan of a table that this describes. */
    ScanOptions.Builder scan(Table table) {
        return ScanOptions.builder()
                .filter(PartitionFilter.parse(where, table.scheme()))
                .fromNs(fromNs)
                .toNs(toNs);
    }
}
