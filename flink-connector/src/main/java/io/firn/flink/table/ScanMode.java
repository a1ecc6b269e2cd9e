package io.firn.flink.table;

/** Whether a scan ends. */
public enum ScanMode {
    /** It ends with what is committed when it starts. */
    BOUNDED,
    /** It goes on with what is committed later. */
    UNBOUNDED
}
