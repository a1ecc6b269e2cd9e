package io.firn.flink.sink;

/** What a job does that is restored from a checkpoint older than what its sink has committed since. */
public enum RestoreOlder {
    /** It goes on and writes again what came after the checkpoint: those records are in the archive twice. */
    APPEND,
    /** It fails before it writes anything. */
    FAIL,
    /**
     * It first takes back what came after the checkpoint, wherever in the table it stands by now, and writes it again:
     * every record is in the archive once. A checkpoint that counts on what was taken back cannot be restored any more.
     */
    ROLLBACK
}
