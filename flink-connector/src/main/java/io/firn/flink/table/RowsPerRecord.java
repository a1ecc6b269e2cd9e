package io.firn.flink.table;

/** How many rows a record makes; only with {@link #ONE} rows can be counted without decoding their records. */
public enum RowsPerRecord {
    /** One: of nulls where the format makes none; several are an error. */
    ONE,
    /** What the format makes. */
    ANY
}
