package io.firn.table;

import io.firn.error.ConfigException;
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

    /**
     * The local file system in the mode that the text of option {@code io.mode} names: auto, mmap or channel.
     *
     * @throws ConfigException when it names none
     */
    public static TableEnvironment ofIoMode(String text) {
        for (IoMode mode : IoMode.values()) {
            if (mode.name().equalsIgnoreCase(text.strip())) {
                return of(mode);
            }
        }
        throw new ConfigException("Invalid value '" + text + "' for 'io.mode': use auto (memory-mapped on local file"
                + " systems), mmap or channel (positioned writes, for network file systems).");
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
