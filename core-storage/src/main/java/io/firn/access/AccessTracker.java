package io.firn.access;

import io.firn.error.FirnException;
import io.firn.fs.PatientLock;
import io.firn.fs.PoliteLock;
import io.firn.log.TableLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers when the segments of a table were read, and tells the readers' and maintainers' other processes through the
 * {@code .access_log} of every partition.
 *
 * <p>A file is recorded at most once a minute, and written at most {@link #FLUSH_INTERVAL} later: when the next file is
 * opened, a reader refreshes, or a reader or the table is closed. Nothing here ever fails a read: where no log can be
 * written, as in an archive that is read-only, that is logged once and tried again now and then. Segments in {@code
 * _table/hot} belong to no partition yet and are not recorded. Thread-safe.
 */
public final class AccessTracker {
    /** How long what was read may stay in memory while files are being opened. */
    public static final Duration FLUSH_INTERVAL = Duration.ofSeconds(10);

    /** Name of the log in every directory that holds segments of one partition. */
    public static final String LOG_FILE = AccessLogFormat.FILE;

    private static final Logger LOG = LoggerFactory.getLogger(AccessTracker.class);
    private static final String LOCK = "access.lock";
    private static final long RESOLUTION_MS = Duration.ofMinutes(1).toMillis();
    private static final long RETRY_MS = Duration.ofMinutes(1).toMillis();
    /** More files are not remembered, only written: some 10 MiB. */
    private static final int MAX_FILES = 65_536;

    /** Less than two seconds. */
    private static final int LOCK_ROUNDS = 32;

    private final TableLayout layout;
    private final InstantSource clock;
    private final Map<String, Tracked> files = new ConcurrentHashMap<>();
    private final ReentrantLock flushing = new ReentrantLock();
    private volatile boolean dirty;
    private volatile long flushedMs;
    private volatile long notBeforeMs = Long.MIN_VALUE;
    private boolean complained;

    /** Tracks the files of a table; nothing is opened. */
    public AccessTracker(TableLayout layout, InstantSource clock) {
        this.layout = layout;
        this.clock = clock;
        this.flushedMs = clock.millis();
    }

    /**
     * Says that a file was opened for reading.
     *
     * @param path path relative to the table's directory, with {@code /}
     */
    public void record(String path) {
        long nowMs = clock.millis();
        Tracked known = files.get(path);
        if (known != null && known.isRecent(nowMs)) {
            return;
        }
        if (nowMs < 0 || path.startsWith(TableLayout.TABLE_DIRECTORY + "/")) {
            return;
        }
        files.computeIfAbsent(path, unused -> new Tracked()).touch(nowMs);
        dirty = true;
        if (Math.abs(nowMs - flushedMs) >= FLUSH_INTERVAL.toMillis() || files.size() > MAX_FILES) {
            flush(false);
        }
    }

    /**
     * When a file was last read, by any process as far as it has told.
     *
     * @param path path relative to the table's directory, with {@code /}
     */
    public Optional<Instant> lastAccess(String path) {
        Tracked own = files.get(path);
        Access logged = new AccessLogs(layout).of(path);
        long lastMs = Math.max(own == null ? 0 : own.lastMs(), logged.lastMs());
        return lastMs == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(lastMs));
    }

    /** A reader comes by: writes what is old enough to be written. Returns at once when there is nothing. */
    public void tick() {
        if (dirty && Math.abs(clock.millis() - flushedMs) >= FLUSH_INTERVAL.toMillis()) {
            flush(false);
        }
    }

    /** Writes what was recorded since; waits some time when another process is writing. Never fails. */
    public void flush() {
        if (dirty) {
            flush(true);
        }
    }

    /** Deletes what a process left that died while it wrote a log. */
    public static void clearLeftover(TableLayout layout) {
        Path temporary = AccessLogFile.temporary(layout);
        if (layout.store().exists(temporary)) {
            Optional<PoliteLock> lock = layout.store().tryLock(lockFile(layout));
            if (lock.isPresent()) {
                try (PoliteLock held = lock.get()) {
                    layout.store().delete(temporary);
                }
            }
        }
    }

    /**
     * Deletes a directory of a partition and the log in it, when nothing else is there; never fails for another reason
     * than that somebody is using it.
     *
     * @return whether it is gone
     */
    public static boolean deleteEmpty(TableLayout layout, Path directory) {
        Optional<PoliteLock> lock = layout.store().tryLock(lockFile(layout));
        if (lock.isEmpty()) {
            return false;
        }
        try (PoliteLock held = lock.get()) {
            if (layout.store().list(directory).stream().allMatch(LOG_FILE::equals)) {
                layout.store().delete(directory.resolve(LOG_FILE));
                return layout.store().delete(directory); // fails when a writer has made a file meanwhile
            }
        } catch (FirnException inUse) {
            LOG.debug("the directory of a partition stays: path={}", directory, inUse);
        }
        return false;
    }

    private static Path lockFile(TableLayout layout) {
        return layout.tableDirectory().resolve(LOCK);
    }

    private void flush(boolean patient) {
        if (patient) {
            flushing.lock();
        } else if (!flushing.tryLock()) {
            return; // another reader is at it
        }
        try {
            long nowMs = clock.millis();
            flushedMs = nowMs;
            if (nowMs >= notBeforeMs) {
                write(nowMs, patient ? LOCK_ROUNDS : 1);
            }
            if (files.size() > MAX_FILES) {
                files.clear(); // what could not be written is given up: memory has a bound
            }
        } finally {
            flushing.unlock();
        }
    }

    private void write(long nowMs, int rounds) {
        try {
            Optional<PoliteLock> lock = PatientLock.tryLock(layout.store(), lockFile(layout), rounds);
            if (lock.isPresent()) {
                try (PoliteLock held = lock.get()) {
                    dirty = false;
                    writeAll();
                }
                notBeforeMs = Long.MIN_VALUE;
                complained = false;
            }
        } catch (FirnException failed) {
            dirty = true;
            notBeforeMs = nowMs + RETRY_MS;
            complain(failed);
        }
    }

    private void writeAll() {
        Map<String, Map<String, Access>> byDirectory = new HashMap<>();
        files.forEach((path, tracked) -> {
            if (tracked.isDirty()) {
                byDirectory
                        .computeIfAbsent(AccessLogs.directoryOf(path), directory -> new HashMap<>())
                        .put(AccessLogs.nameOf(path), tracked.unwritten());
            }
        });
        byDirectory.forEach((directory, accesses) -> {
            new AccessLogFile(layout, layout.resolve(directory)).add(accesses);
            accesses.forEach((name, written) -> {
                Tracked tracked = files.get(directory.isEmpty() ? name : directory + "/" + name);
                if (tracked != null) {
                    tracked.written(written);
                }
            });
        });
    }

    /** Once until it works again: a read-only archive is read all day. */
    private void complain(FirnException failed) {
        if (!complained) {
            complained = true;
            LOG.warn(
                    "reads cannot be recorded, idle-after may take what is read for idle; set track.access=false if"
                            + " nothing shall be recorded: path={} cause={}",
                    layout.root(),
                    failed.toString());
        } else {
            LOG.debug("reads still cannot be recorded: path={}", layout.root(), failed);
        }
    }

    /** One file. Guarded by its monitor, but for the quick look at the time. */
    private static final class Tracked {
        private volatile long lastMs;
        private long unwrittenCount;

        boolean isRecent(long nowMs) {
            return Math.abs(nowMs - lastMs) < RESOLUTION_MS;
        }

        synchronized void touch(long nowMs) {
            if (!isRecent(nowMs)) {
                lastMs = nowMs;
                unwrittenCount++;
            }
        }

        long lastMs() {
            return lastMs;
        }

        synchronized boolean isDirty() {
            return unwrittenCount > 0;
        }

        synchronized Access unwritten() {
            return new Access(lastMs, unwrittenCount);
        }

        synchronized void written(Access access) {
            unwrittenCount -= access.count();
        }
    }
}
