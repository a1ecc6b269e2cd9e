package io.firn.table;

import io.firn.cache.CacheHierarchy;
import io.firn.cache.CacheOptions;
import io.firn.compress.ZstdCodecs;
import io.firn.error.ConfigException;
import io.firn.fs.BufferPool;
import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.metrics.PoolStats;
import io.firn.segment.ReadAhead;
import io.firn.segment.SegmentAccess;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What a table takes from outside: files, time, memory. One environment may serve many tables of a process.
 *
 * <p>Immutable; thread-safe.
 */
public final class TableEnvironment {
    private static final String COHERENT = "coherent";

    private final FileStore store;
    private final InstantSource clock;
    private final boolean deterministic;
    private final boolean coherent;
    private final boolean cacheGiven;
    private final boolean bufferedWriters;
    private final SegmentAccess segmentAccess;

    private TableEnvironment(FileStore store, InstantSource clock, boolean deterministic) {
        this.store = store;
        this.clock = clock;
        this.deterministic = deterministic;
        this.coherent = false;
        this.cacheGiven = false;
        this.bufferedWriters = false;
        SegmentAccess access = SegmentAccess.withDefaultCache(BufferPool.withDefaultBound());
        this.segmentAccess =
                deterministic ? access : access.withReadAhead(ReadAhead.background(ReadAhead.defaultMaxBytes()));
    }

    private TableEnvironment(
            TableEnvironment other,
            boolean coherent,
            boolean cacheGiven,
            boolean bufferedWriters,
            SegmentAccess access) {
        this.store = other.store;
        this.clock = other.clock;
        this.deterministic = other.deterministic;
        this.coherent = coherent;
        this.cacheGiven = cacheGiven;
        this.bufferedWriters = bufferedWriters;
        this.segmentAccess = access;
    }

    /** The local file system and the system's clock. */
    public static TableEnvironment system() {
        return of(IoMode.AUTO);
    }

    /**
     * What the text of option {@code io.mode} names, for writers that commit in batches: {@code auto} reads mapped
     * files on local file systems and writes as {@link #withBufferedWriters} says, {@code mmap} maps for both, {@code
     * channel} for neither.
     *
     * @throws ConfigException when it names none
     */
    public static TableEnvironment ofIoMode(String text) {
        for (IoMode mode : IoMode.values()) {
            if (mode.name().equalsIgnoreCase(text.strip())) {
                return mode == IoMode.AUTO ? system().withBufferedWriters() : of(mode);
            }
        }
        throw new ConfigException("Invalid value '" + text + "' for 'io.mode': use auto (files are written by position,"
                + " and read memory-mapped on local file systems), mmap (memory-mapped) or channel (never mapped, for"
                + " network file systems).");
    }

    /** The local file system in an I/O mode, and the system's clock. */
    public static TableEnvironment of(IoMode mode) {
        return new TableEnvironment(LocalFileStore.open(mode), InstantSource.system(), false);
    }

    /** Given files and time; nothing happens on a background thread, so that a test can repeat it. */
    public static TableEnvironment deterministic(FileStore store, InstantSource clock) {
        return new TableEnvironment(store, clock, true);
    }

    /**
     * The same with the text of option {@code shared.fs}: {@code coherent} says that a network file system shows every
     * host at once what another one has created, renamed and written; empty says nothing.
     *
     * @throws ConfigException when it is anything else
     */
    public TableEnvironment withSharedFs(String text) {
        String value = text.strip();
        if (!value.isEmpty() && !value.equalsIgnoreCase(COHERENT)) {
            throw new ConfigException("Invalid value '" + text + "' for 'shared.fs': use " + COHERENT
                    + " where every host sees at once what another one creates, renames and writes, else leave it"
                    + " empty.");
        }
        return new TableEnvironment(this, !value.isEmpty(), cacheGiven, bufferedWriters, segmentAccess);
    }

    /**
     * The same, with writers that collect records in a buffer of up to 160 KiB for each open segment (more for larger
     * records) and write by position, instead of mapping their files. That costs less CPU; records of a segment are
     * in its file, for readers of what is not committed, when the buffer is full and at a commit, not at once. In
     * channel mode ({@link IoMode#CHANNEL}) every writer is one.
     */
    public TableEnvironment withBufferedWriters() {
        return new TableEnvironment(this, coherent, cacheGiven, true, segmentAccess);
    }

    /**
     * The same with another bound of what is read ahead of sequential readers of sealed and cold files (option
     * {@code read.ahead.bytes}; default 32 MiB, at most a sixteenth of the heap's limit). It holds for all readers of
     * this environment together. The threads that do it, one for each core but one and at most 4, are the process's.
     *
     * @param bytes bytes of records, {@code >= 0}; 0 is off: every reader decompresses and checks on its own thread
     * @throws ConfigException when it is negative
     */
    public TableEnvironment withReadAheadBytes(long bytes) {
        if (bytes < 0) {
            throw new ConfigException(
                    "Invalid value " + bytes + " for 'read.ahead.bytes': use 0 for none, or more bytes");
        }
        SegmentAccess access = segmentAccess.withReadAhead(ReadAhead.background(bytes));
        return new TableEnvironment(this, coherent, cacheGiven, bufferedWriters, access);
    }

    /**
     * The same with another cache of the blocks of cold files (see {@link io.firn.cache.CacheOptions}); the default is
     * a cache in memory of 32 MiB, at most a sixteenth of the heap's limit. One cache may serve many environments.
     *
     * @param cache whoever opened it closes it, after the tables
     */
    public TableEnvironment withCache(CacheHierarchy cache) {
        return new TableEnvironment(this, coherent, true, bufferedWriters, segmentAccess.withCache(cache));
    }

    /** The cache of {@link #withCache}. */
    public Optional<CacheHierarchy> givenCache() {
        return cacheGiven ? Optional.of(segmentAccess.cache()) : Optional.empty();
    }

    /** The same without any cache: for who caches what he reads himself. */
    public TableEnvironment withoutCache() {
        return new TableEnvironment(this, coherent, false, bufferedWriters, segmentAccess.withoutCache());
    }

    /** Opens a cache on the files and buffers of this environment, for {@link #withCache}; the caller closes it. */
    public CacheHierarchy openCache(CacheOptions options) {
        return CacheHierarchy.open(store, options, segmentAccess.buffers());
    }

    /**
     * Refuses what only a file system can bear that all processes see alike.
     *
     * @param what who wants to write, the beginning of the message
     * @param path a file or directory; of one that does not exist yet the nearest parent that does is looked at
     * @throws ConfigException when it is on a network file system that {@code shared.fs} does not call coherent
     */
    public void requireShareable(String what, Path path) {
        if (coherent) {
            return;
        }
        Path existing = path.toAbsolutePath().normalize();
        while (!store.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        Optional<String> network = store.networkFileSystem(existing);
        if (network.isPresent()) {
            throw new ConfigException(what + " " + path + ", which is on a network file system (type '" + network.get()
                    + "'): where hosts see each other's files late, two of them can take themselves for the owner. Set"
                    + " shared.fs=coherent if the mount shows an exclusive create, a rename and a listing to every host"
                    + " at once; else use one writer, or a local file system.");
        }
    }

    /** The default of {@code read.ahead.bytes} in this process, as {@link #withReadAheadBytes} says. */
    public static long defaultReadAheadBytes() {
        return ReadAhead.defaultMaxBytes();
    }

    /** The file store. */
    public FileStore store() {
        return store;
    }

    /** The clock. */
    public InstantSource clock() {
        return clock;
    }

    /** The zstd contexts that all tables of this environment share. */
    public ZstdCodecs codecs() {
        return segmentAccess.codecs();
    }

    /** The pool of direct buffers that readers and writers of this environment share. */
    public BufferPool buffers() {
        return segmentAccess.buffers();
    }

    /** What the pool of zstd contexts of this environment did so far. */
    public PoolStats contextStats() {
        return segmentAccess.codecs().stats();
    }

    /** What was read ahead of the sequential readers of this environment. */
    public ReadAheadStats readAheadStats() {
        return ReadAheadStats.of(segmentAccess.readAhead());
    }

    /** Whether writers of files in an existing directory do not map them. */
    boolean buffersWrites(Path directory) {
        return bufferedWriters || store.modeFor(directory) == IoMode.CHANNEL;
    }

    SegmentAccess segmentAccess() {
        return segmentAccess;
    }

    /** Whether nothing may happen on a background thread. */
    public boolean isDeterministic() {
        return deterministic;
    }
}
