package io.firn.table;

import io.firn.fs.BufferPool;
import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.segment.SegmentAccess;
import java.time.InstantSource;

/**
 * What a table takes from outside: files, time, memory. One environment may serve many tables of a process.
 *
 * <p>Immutable; thread-safe.
 */
public final class TableEnvironment {
    private final FileStore store;
    private final InstantSource clock;
    private final boolean deterministic;
    private final SegmentAccess segmentAccess = SegmentAccess.withDefaultCache(BufferPool.withDefaultBound());

    private TableEnvironment(FileStore store, InstantSource clock, boolean deterministic) {
        this.store = store;
        this.clock = clock;
        this.deterministic = deterministic;
    }

    /** The local file system and the system's clock. */
    public static TableEnvironment system() {
        return of(IoMode.AUTO);
    }

    /** The local file system in an I/O mode, and the system's clock. */
    public static TableEnvironment of(IoMode mode) {
        return new TableEnvironment(LocalFileStore.open(mode), InstantSource.system(), false);
    }

    /** Given files and time; nothing happens on a background thread, so that a test can repeat it. */
    public static TableEnvironment deterministic(FileStore store, InstantSource clock) {
        return new TableEnvironment(store, clock, true);
    }

    /** The file store. */
    public FileStore store() {
        return store;
    }

    /** The clock. */
    public InstantSource clock() {
        return clock;
    }

    SegmentAccess segmentAccess() {
        return segmentAccess;
    }

    boolean isDeterministic() {
        return deterministic;
    }
}
