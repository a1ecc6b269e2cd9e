package io.firn.flink.table;

/** Which columns the format encodes into the value of a record. */
public enum ValueFields {
    /** All physical columns, so that a record is complete without its directory. */
    ALL,
    /** All but the partition columns, which stand in the directory's name alone. */
    EXCEPT_PARTITION;

    /** As options write it. */
    @Override
    public String toString() {
        return FirnTableOptions.text(this);
    }
}
