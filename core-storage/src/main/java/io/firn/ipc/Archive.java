package io.firn.ipc;

import io.firn.error.ClosedException;
import io.firn.error.FirnException;
import io.firn.error.StorageFullException;
import io.firn.table.Table;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one stream of market data (venue, symbol, date, stream) into a table, one partition per stream.
 *
 * <p>{@link #append} puts a record into memory shared with readers of other processes, which see it at once
 * ({@link ArchiveReader}); a commit every {@link ArchiveOptions#commitInterval}, and {@link #finish}, make it durable.
 * A stream that is opened again goes on behind its last commit; sequences never start again and file names are never
 * used twice. Thread-safe.
 */
public final class Archive implements AutoCloseable {
    /** Name of the writer of every archive. */
    public static final String WRITER = "main";

    private static final Logger LOG = LoggerFactory.getLogger(Archive.class);

    private final Table table;
    private final StreamKey key;
    private final TableWriter writer;
    private final @Nullable ScheduledExecutorService committer;
    private volatile @Nullable FirnException commitFailure;

    private Archive(Table table, StreamKey key, TableWriter writer, Duration commitInterval) {
        this.table = table;
        this.key = key;
        this.writer = writer;
        this.committer = commitInterval.isZero() ? null : startCommitter(commitInterval);
    }

    /**
     * Opens a stream with {@link ArchiveOptions#defaults}; creates the table when there is none.
     *
     * @param root directory of the table
     * @param date YYYY-MM-DD
     * @throws io.firn.error.ConfigException when a name is not valid, or the directory holds another kind of table
     * @throws io.firn.error.TableLockedException when the stream is open for writing elsewhere
     */
    public static Archive open(Path root, String venue, String symbol, String date, String stream) {
        return open(root, StreamKey.of(venue, symbol, date, stream), ArchiveOptions.defaults());
    }

    /** Opens a stream with options; otherwise as {@link #open(Path, String, String, String, String)}. */
    public static Archive open(Path root, StreamKey key, ArchiveOptions options) {
        Table table = Table.openOrCreate(root, StreamKey.SCHEME, options.config(), options.environment());
        TableWriter writer = table.writer(WriterOptions.named(WRITER)
                .partition(key.partition())
                .takeOver(options.takeOver())
                .build());
        return new Archive(table, key, writer, options.commitInterval());
    }

    /** The stream. */
    public StreamKey key() {
        return key;
    }

    /** The table that holds the stream and all others of the archive. */
    public Table table() {
        return table;
    }

    /** The first sequence that is not committed. */
    public long position() {
        return writer.position();
    }

    /**
     * Appends a record.
     *
     * @param typeId 0 to 65535
     * @param timestampNs nanoseconds since the epoch
     * @param payload its remaining bytes are stored; its position does not change
     * @return the record's sequence
     * @throws ClosedException when the archive is closed or a commit in the background failed (its cause); one
     *     that found no space and harmed nothing is tried again
     * @throws io.firn.error.StorageFullException when there is no space; the archive stays usable
     */
    public long append(int typeId, long timestampNs, ByteBuffer payload) {
        requireSound();
        return writer.append(timestampNs, typeId, payload);
    }

    /** Appends a record; otherwise as {@link #append(int, long, ByteBuffer)}. */
    public long append(int typeId, long timestampNs, byte[] payload) {
        return append(typeId, timestampNs, ByteBuffer.wrap(payload));
    }

    /**
     * Makes everything appended so far durable.
     *
     * @return the new {@link #position}
     * @throws FirnException when it fails: close the archive, open it again, append again from its position
     */
    public long commit() {
        requireSound();
        return writer.commit();
    }

    /** Commits, seals the present segment and closes; a second call does nothing. Errors as in {@link #commit}. */
    public void finish() {
        stopCommitter();
        try {
            requireSound();
            writer.finish();
        } finally {
            writer.close();
        }
    }

    /** Finishes. After a failed commit it only releases the stream: {@link #append} or {@link #commit} told of it. */
    @Override
    public void close() {
        if (commitFailure == null) {
            finish();
        } else {
            stopCommitter();
            writer.close();
        }
    }

    private void requireSound() {
        FirnException failure = commitFailure;
        if (failure != null) {
            throw new ClosedException(
                    "The archive stream " + key.partition().toPath() + " of " + table.path()
                            + " failed in a commit (" + failure.getMessage()
                            + "); close it, open it again and append again from its position()",
                    failure);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failed commit is kept and thrown by the next call
    private ScheduledExecutorService startCommitter(Duration interval) {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "firn-archive-commit");
            thread.setDaemon(true);
            return thread;
        });
        started.scheduleWithFixedDelay(
                this::commitInBackground, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        return started;
    }

    private void commitInBackground() {
        if (commitFailure != null) {
            return;
        }
        try {
            writer.commit();
        } catch (StorageFullException full) {
            if (writer.hasFailed()) {
                commitFailure = full;
            } else {
                LOG.warn("the next commit tries again: path={}", table.path(), full);
            }
        } catch (FirnException failed) {
            commitFailure = failed;
        }
    }

    private void stopCommitter() {
        if (committer == null) {
            return;
        }
        committer.shutdown();
        try {
            // A commit that runs ends by itself: interrupting it would close its files.
            while (!committer.awaitTermination(1, TimeUnit.MINUTES)) {
                if (commitFailure != null) {
                    return;
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
