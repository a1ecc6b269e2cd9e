package io.firn.table;

import io.firn.error.ConfigException;
import io.firn.error.InvalidRecordException;
import io.firn.partition.PartitionScheme;
import io.firn.record.StreamRecord;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one stream of records, lets a {@link Roller} say which partition each belongs to, and ends a partition when a
 * newer one begins: what it holds is committed, its segment is sealed, and a {@link RollListener} is told.
 *
 * <p>Order is kept: a record of an earlier partition is refused. {@link LateDataPolicy#ALLOW} in the options or {@code
 * validate.partition.order=false} in the table stores it in its partition, {@code late.data.policy=route} in the one
 * for late data, as {@link LateDataPolicy} says. That the table allows late data is not enough, because that is the
 * default. Late records never roll, so that records that go to and fro make no file each.
 *
 * <p>All partitions are in one lane: a commit makes them visible at once, and {@link #position} is the one number from
 * which to append again after a crash. A roll is a commit too, so that the position may move in {@link #append}.
 *
 * <p>Thread-safe: one monitor orders append, commit, rollback and close; the listener is called outside of it.
 */
public final class RollingWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RollingWriter.class);

    private final TableWriter writer;
    private final PartitionOrder order;
    private final PartitionScheme scheme;
    private final RollListener listener;
    private final RollingCounts counts = new RollingCounts();
    /** The partition that was committed and sealed last. */
    private @Nullable String finished;
    /** The last one of which the next was begun. */
    private @Nullable String left;

    private RollingWriter(TableWriter writer, PartitionOrder order, PartitionScheme scheme, RollListener listener) {
        this.writer = writer;
        this.order = order;
        this.scheme = scheme;
        this.listener = listener;
    }

    /**
     * Opens a writer; it starts behind the last commit of its name, in the newest partition that it had begun.
     *
     * @param options name and origin; with neither a mapping nor a partition
     * @throws ConfigException when the roller makes partitions of another scheme than the table's
     * @throws io.firn.error.TableLockedException as {@link Table#writer}
     */
    public static RollingWriter open(Table table, WriterOptions options, Roller roller, RollListener listener) {
        if (options.mapping().isPresent() || options.partition().isPresent()) {
            throw new ConfigException("Rolling writer '" + options.name()
                    + "' has a mapping or a partition in its options; its roller decides, leave them out");
        }
        TableWriter writer = table.writer(options.rolling(roller, policy(table, options)));
        PartitionOrder order = Objects.requireNonNull(writer.order());
        return new RollingWriter(writer, order, table.scheme(), listener);
    }

    private static LateDataPolicy policy(Table table, WriterOptions options) {
        if (options.lateData().isPresent()) {
            return options.lateData().get();
        }
        if (!table.config().validatePartitionOrder()) {
            return LateDataPolicy.ALLOW;
        }
        LateDataPolicy ofTable = table.config().lateDataPolicy();
        return ofTable == LateDataPolicy.ALLOW ? LateDataPolicy.REJECT : ofTable;
    }

    /** The writer's name. */
    public String name() {
        return writer.name();
    }

    /** The next sequence that is not committed. */
    public long position() {
        return writer.position();
    }

    /** What it did since it was opened. */
    public synchronized RollingStatistics statistics() {
        return counts.statistics(order.newest().isPresent());
    }

    /**
     * Appends a record under the next sequence; commits before it when it begins a new partition.
     *
     * @return the record's sequence
     * @throws InvalidRecordException when it cannot be stored, or is late and refused; nothing of it was written
     * @throws io.firn.error.StorageIoException as {@link TableWriter#append(StreamRecord)} and, when it begins a
     *     partition, {@link TableWriter#commit}: the record was not appended
     */
    public long append(StreamRecord record) {
        Appended appended;
        synchronized (this) {
            appended = appendOrdered(record);
        }
        if (appended.roll() != null) {
            tell(appended.roll());
        }
        return appended.sequence();
    }

    private Appended appendOrdered(StreamRecord record) {
        String partition = writer.partitionOf(record);
        boolean newer = order.isNewer(partition);
        Roll roll = newer ? finishNewest(partition) : null;
        String place = place(partition, record);
        long sequence = writer.append(record, place);
        counts.appended(place, !place.equals(partition));
        if (roll != null) {
            counts.rolled();
            left = roll.finished().toPath();
        }
        return new Appended(sequence, roll);
    }

    private String place(String partition, StreamRecord record) {
        try {
            return order.place(partition, writer.nextSequence(), record);
        } catch (InvalidRecordException late) {
            counts.rejected();
            throw late;
        }
    }

    /** Null when there is nothing before the new partition, or it was begun already and then rolled back. */
    private @Nullable Roll finishNewest(String next) {
        String newest = order.newest().orElse(null);
        if (newest == null || newest.equals(left)) {
            return null;
        }
        if (!newest.equals(finished)) {
            writer.roll();
            commit();
            finished = newest;
        }
        return new Roll(scheme.parsePath(newest), scheme.parsePath(next), counts.sinceRoll(), writer.position());
    }

    private void tell(Roll roll) {
        try {
            listener.rolled(roll);
        } catch (RuntimeException failed) {
            synchronized (this) {
                counts.listenerFailed();
            }
            LOG.warn(
                    "listener of a roll failed, records are safe: writer={} finished={}",
                    name(),
                    roll.finished().toPath(),
                    failed);
        }
    }

    /**
     * Makes everything appended so far durable and visible; errors as {@link TableWriter#commit}.
     *
     * @return the new {@link #position}
     */
    public synchronized long commit() {
        long position = writer.commit();
        counts.committed();
        return position;
    }

    /** Drops every uncommitted record and opens the lane again; also the way on after a failed commit. */
    public synchronized void rollback() {
        writer.rollback();
        counts.withdrawn();
    }

    /** Commits, seals the present segment and closes; the present partition is not told as finished. Idempotent. */
    public synchronized void finish() {
        writer.finish();
        counts.committed();
    }

    /** Closes without committing: records since the last commit or roll are dropped. Idempotent. */
    @Override
    public synchronized void close() {
        writer.close();
    }

    /** An append and the roll before it. */
    private record Appended(long sequence, @Nullable Roll roll) {}
}
