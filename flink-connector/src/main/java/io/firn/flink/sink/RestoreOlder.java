package io.firn.flink.sink;

/** What a job does that is restored from a checkpoint older than what its sink has committed since. */
public enum RestoreOlder {
    /** It goes on and writes again what came after the checkpoint: those records are in the archive twice. */
    APPEND,
    /** It fails before it writes anything. */
    FAIL
}
