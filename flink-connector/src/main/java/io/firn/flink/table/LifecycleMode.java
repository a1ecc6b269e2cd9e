package io.firn.flink.table;

/** Whether a job that writes to a table also rewrites it. */
public enum LifecycleMode {
    /** The job leaves settling and compression to others. */
    OFF,
    /** The job settles and compresses after completed checkpoints. */
    ON_COMMIT;

    /** As options write it. */
    @Override
    public String toString() {
        return FirnTableOptions.text(this);
    }
}
