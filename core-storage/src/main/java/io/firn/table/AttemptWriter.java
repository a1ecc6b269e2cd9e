package io.firn.table;

import io.firn.error.ClosedException;
import io.firn.error.FirnException;
import io.firn.log.AttemptCommits;
import io.firn.log.CatalogState;
import io.firn.log.LaneCommit;
import io.firn.log.LaneIdentity;
import io.firn.log.LaneSnapshot;
import io.firn.log.LaneState;
import io.firn.log.PendingCommit;
import io.firn.log.PendingCommit.RetiredAttempt;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one attempt of a two-phase sink: {@link #prepare} makes the records so far durable and returns what any
 * process may commit later ({@link Table#commit}).
 *
 * <p>An attempt's name is used once and never reopened: whoever comes after it begins an attempt of his own and retires
 * this one. Thread-safe: one monitor orders append, prepare and close.
 */
public final class AttemptWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptWriter.class);

    private final Table table;
    private final LaneIdentity identity;
    private final LaneSegments segments;
    private final @Nullable PartitionOrder order;
    private LaneState state = LaneState.EMPTY;
    private long nextSequence;
    private long number;
    private boolean failed;
    private boolean closed;

    private AttemptWriter(Table table, LaneIdentity identity, LaneSegments segments, @Nullable PartitionOrder order) {
        this.table = table;
        this.identity = identity;
        this.segments = segments;
        this.order = order;
    }

    static AttemptWriter begin(Table table, WriterOptions options) {
        LaneIdentity identity = new LaneIdentity(options.name(), options.properties());
        PartitionOrder order = PartitionOrder.of(table, options).orElse(null);
        if (order != null) {
            order.restore(options.begunPartition().stream().toList());
        }
        SegmentOwner owner = new SegmentOwner(identity.lane(), LaneSnapshot.EPOCH_OF_ATTEMPTS);
        LaneSegments segments = new LaneSegments(table, options, owner, order);
        AttemptCommits.begin(table.layout(), identity, table.environment().clock());
        return new AttemptWriter(table, identity, segments, order);
    }

    /** The attempt's name. */
    public String name() {
        return identity.writer();
    }

    /** Number of the last prepared commit, 0 when there is none: what a checkpoint keeps to retire this attempt. */
    public synchronized long lastPrepared() {
        return number;
    }

    /** The sequence behind the last prepared commit: what a checkpoint keeps to take back what comes later. */
    public synchronized long preparedSequence() {
        return state.position();
    }

    /**
     * Path of the newest partition that was begun, by this attempt or by the one that it goes on from: what a
     * checkpoint keeps to judge later records as before. Empty when there is none, or when records of all partitions
     * are welcome at any time.
     */
    public synchronized Optional<String> newestPartition() {
        return order == null ? Optional.empty() : order.newest();
    }

    /** Appends a record under the next sequence; errors as in {@link TableWriter#append(StreamRecord)}. */
    public synchronized long append(StreamRecord record) {
        checkUsable();
        return append(record, segments.partitionOf(record));
    }

    /**
     * Appends a record of a partition that the caller knows ({@link WriterOptions.Builder#partitionsGiven}).
     *
     * @throws io.firn.error.ConfigException when the values are of another scheme than the table's, or the writer
     *     itself says where its records go
     */
    public synchronized long append(StreamRecord record, PartitionValues partition) {
        checkUsable();
        return append(record, segments.givenPartition(partition));
    }

    private long append(StreamRecord record, String partitionPath) {
        long sequence = nextSequence;
        segments.append(sequence, record, partitionPath);
        nextSequence = sequence + 1;
        return sequence;
    }

    /**
     * Whether {@link #prepare} has anything to make durable: records since the last one, or a segment that is old
     * enough to be rolled.
     */
    public synchronized boolean hasChanges() {
        checkUsable();
        segments.rollIfOld();
        return !segments.isClean();
    }

    /**
     * Makes everything appended so far durable, and nothing of it visible.
     *
     * @param retired attempts that end when this is committed
     * @return what to commit; it holds everything of the attempt, so the latest one is enough
     * @throws io.firn.error.StorageIoException when the file system failed: the attempt is over, begin another
     */
    public synchronized PendingCommit prepare(List<RetiredAttempt> retired) {
        checkUsable();
        failed = true;
        segments.rollIfOld();
        segments.force();
        state = withoutRewritten(state.plus(new LaneCommit(nextSequence, segments.touched(), List.of())));
        segments.afterCommit();
        number++;
        failed = false;
        return new PendingCommit(table.id(), identity, number, state, retired);
    }

    /** The last {@link #prepare} of this attempt, at the end of the input: its commit retires the attempt itself. */
    public synchronized PendingCommit finish(List<RetiredAttempt> retired) {
        checkUsable();
        segments.roll();
        List<RetiredAttempt> all = new ArrayList<>(retired);
        all.add(new RetiredAttempt(identity.writer(), number + 1));
        PendingCommit last = prepare(all);
        close();
        return last;
    }

    /**
     * Releases the files; what was not prepared is dropped. The files of an attempt without a prepared commit are
     * deleted, and it ends; when that fails, {@code io.firn.lifecycle.TableOrphans} names it, and the first commit of a
     * later attempt of its subtask ends it. Idempotent.
     */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            segments.close();
            if (number == 0) {
                end();
            }
        }
    }

    /** Nobody holds a commit of it, and nobody ever will (decision D81). */
    private void end() {
        try {
            WithdrawnFiles.endAttempt(
                    table.layout(), name(), table.environment().clock());
        } catch (FirnException failed) {
            LOG.warn("an attempt without commits is left behind: attempt={}", name(), failed);
        }
    }

    /**
     * What the lifecycle has rewritten is named by no later commit, but for the segment that is open: one that no
     * commit lists is deleted when all of it was rewritten, and what is appended to it later would go with it.
     */
    private LaneState withoutRewritten(LaneState full) {
        CatalogState catalog = table.logs().catalog().state();
        return full.without(segment -> segment.rolled() && catalog.isRemoved(segment));
    }

    private void checkUsable() {
        if (closed || failed) {
            throw new ClosedException("The writer attempt '" + identity.writer() + "' of " + table.path()
                    + (closed ? " is closed" : " failed in prepare; begin another attempt"));
        }
    }
}
