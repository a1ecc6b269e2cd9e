package io.firn.table;

import io.firn.error.ClosedException;
import io.firn.error.InvalidRecordException;
import io.firn.error.NotFoundException;
import io.firn.error.StorageFullException;
import io.firn.error.StorageIoException;
import io.firn.error.WriterFencedException;
import io.firn.fs.PoliteLock;
import io.firn.log.Gap;
import io.firn.log.LaneCommit;
import io.firn.log.LaneIdentity;
import io.firn.log.LaneLog;
import io.firn.log.LaneState;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one ordered stream of records (a lane) of a table, exactly once.
 *
 * <p>{@link #append} puts a record into memory that the operating system writes back in its own time: it survives the
 * death of the process as uncommitted data, not a power loss, and only READ_UNCOMMITTED readers see it. (With {@link
 * TableEnvironment#withBufferedWriters} that begins when a buffer is full.) {@link #commit}
 * makes everything appended so far durable and visible at once. After a failed commit nothing more is written until
 * {@link #rollback} has reopened the lane; the caller appends again from {@link #position}.
 *
 * <p>Thread-safe: one monitor orders append, commit, rollback and close.
 */
public final class TableWriter implements AutoCloseable {
    /** A lane log longer than this is replaced by a new epoch with a short base. */
    private static final long MAX_LOG_BYTES = 1 << 20;

    private final Table table;
    private final WriterOptions options;
    private final LaneIdentity identity;
    private final @Nullable PoliteLock lock;
    private final @Nullable PartitionOrder order;
    private final List<Gap> gaps = new ArrayList<>();
    private LaneLog lane;
    private LaneSegments segments;
    private long nextSequence;
    private boolean failed;
    private boolean closed;

    private TableWriter(Table table, WriterOptions options, LaneIdentity identity, @Nullable PoliteLock lock) {
        this.table = table;
        this.options = options;
        this.identity = identity;
        this.lock = lock;
        this.order = PartitionOrder.of(table, options).orElse(null);
        this.lane = openLane();
        this.segments = reopened();
        this.nextSequence = lane.state().position();
    }

    static TableWriter open(Table table, WriterOptions options, LaneIdentity identity, @Nullable PoliteLock lock) {
        return new TableWriter(table, options, identity, lock);
    }

    /** The writer's name. */
    public String name() {
        return options.name();
    }

    /** The next sequence that is not committed; in the Kafka sink the offset to read next. */
    public synchronized long position() {
        return lane.state().position();
    }

    /** What is committed in the lane. */
    public synchronized LaneState state() {
        return lane.state();
    }

    /** The sequence that the next {@link #append(StreamRecord)} gets, at least {@link #position}. */
    public synchronized long nextSequence() {
        return nextSequence;
    }

    /**
     * Appends a record under the next sequence.
     *
     * @return the record's sequence
     * @throws InvalidRecordException when the record cannot be stored or routed; nothing was written
     * @throws StorageFullException when there is no space; the writer stays usable
     */
    public synchronized long append(StreamRecord record) {
        long sequence = nextSequence;
        append(sequence, record);
        return sequence;
    }

    /**
     * Appends a record under a sequence of the caller, strictly above the last one; gaps are legal. Errors as in
     * {@link #append(StreamRecord)}.
     */
    public synchronized void append(long sequence, StreamRecord record) {
        append(sequence, record, record);
    }

    /**
     * Appends a record in a form that the mapping cannot read; errors as in {@link #append(StreamRecord)}.
     *
     * @param sequence strictly above the last one; gaps are legal
     * @param record what is stored
     * @param readable the same record for the mapping: of its key, value and headers only the mapping's fields matter
     */
    public synchronized void append(long sequence, StreamRecord record, StreamRecord readable) {
        checkUsable();
        if (sequence < nextSequence) {
            throw new InvalidRecordException("Sequence " + sequence + " of writer '" + options.name()
                    + "' is not above the last one; expected at least " + nextSequence);
        }
        segments.append(sequence, record, segments.partitionOf(readable));
        nextSequence = sequence + 1;
    }

    /**
     * Appends a record of a partition that the caller knows ({@link WriterOptions.Builder#partitionsGiven}), under the
     * next sequence. Errors as in {@link #append(StreamRecord)}.
     *
     * @return the record's sequence
     * @throws io.firn.error.ConfigException when the values are of another scheme than the table's, or the writer
     *     itself says where its records go
     */
    public synchronized long append(StreamRecord record, PartitionValues partition) {
        checkUsable();
        return append(record, segments.givenPartition(partition));
    }

    /** Appends a record whose partition is known, under the next sequence. */
    synchronized long append(StreamRecord record, String partitionPath) {
        checkUsable();
        long sequence = nextSequence;
        segments.append(sequence, record, partitionPath);
        nextSequence = sequence + 1;
        return sequence;
    }

    /** What was begun and what is late, for who has the writer for himself; null when no order is kept. */
    @Nullable
    PartitionOrder order() {
        return order;
    }

    /** The partition that a record belongs to. */
    synchronized String partitionOf(StreamRecord record) {
        checkUsable();
        return segments.partitionOf(record);
    }

    /**
     * Appends a record without key and headers, allocating nothing; only for writers without a mapping.
     *
     * @param timestampNs nanoseconds since the epoch
     * @param typeId 0 to 65535
     * @param value its remaining bytes are stored; its position does not change
     * @return the record's sequence
     */
    public synchronized long append(long timestampNs, int typeId, ByteBuffer value) {
        checkUsable();
        long sequence = nextSequence;
        segments.append(sequence, timestampNs, typeId, value);
        nextSequence = sequence + 1;
        return sequence;
    }

    /**
     * Appends a record without key and headers of a partition that the caller knows, allocating nothing; only for
     * writers of tables that do not care about the order of partitions.
     *
     * @param timestampNs nanoseconds since the epoch
     * @param typeId 0 to 65535
     * @param value its remaining bytes are stored; its position does not change
     * @param partition as in {@link #append(StreamRecord, PartitionValues)}
     * @return the record's sequence
     */
    public synchronized long append(long timestampNs, int typeId, ByteBuffer value, PartitionValues partition) {
        checkUsable();
        if (order != null) {
            throw new IllegalStateException("Writer '" + options.name()
                    + "' looks at the order of partitions: append a StreamRecord, which can be late");
        }
        long sequence = nextSequence;
        segments.append(sequence, timestampNs, typeId, value, segments.givenPartition(partition));
        nextSequence = sequence + 1;
        return sequence;
    }

    /** Moves the position over records that are not stored (filtered, errant), with the next commit. */
    public synchronized void advanceTo(long sequence) {
        checkUsable();
        nextSequence = Math.max(nextSequence, sequence);
    }

    /** Notes with the next commit that the sequences {@code [from, to)} will never come. */
    public synchronized void recordGap(long from, long to) {
        checkUsable();
        gaps.add(new Gap(from, to));
    }

    /** Begins a new segment with the next record; with the next commit the present one is sealed. */
    public synchronized void roll() {
        checkUsable();
        segments.roll();
    }

    /**
     * Makes everything appended so far durable and visible, at once in all partitions.
     *
     * <p>Costs one force of the data and one of the lane's log, however many partitions were written. Also rolls a
     * segment that is older than {@code hot.roll.ms}, so that calling it when idle lets the lifecycle have it.
     *
     * @return the new {@link #position}
     * @throws WriterFencedException when a successor opened the lane: stop, this writer is over
     * @throws StorageFullException when there was no space. If that was found while buffers were written, everything is
     *     as before: call this again when there is space. If it was found later (by a force, or in the lane's log), a
     *     further call throws {@link ClosedException}
     * @throws StorageIoException when the file system failed: call {@link #rollback} and append again from there
     * @throws ClosedException after a failure that was final: call {@link #rollback}; and when the writer is closed
     */
    public synchronized long commit() {
        checkUsable();
        segments.rollIfOld();
        if (segments.isClean() && gaps.isEmpty() && nextSequence == lane.state().position()) {
            return nextSequence;
        }
        segments.flush(); // a full disk is best found here: nothing has happened yet that must not be done twice
        failed = true;
        force();
        lane.commit(new LaneCommit(nextSequence, segments.touched(), gaps));
        gaps.clear();
        failed = false;
        segments.afterCommit();
        if (lane.lengthBytes() > MAX_LOG_BYTES || segments.hasManyRolled()) {
            renewEpoch();
        }
        return nextSequence;
    }

    /**
     * Drops every uncommitted record and opens the lane again under a new epoch; also the way on after a failed
     * commit.
     */
    public synchronized void rollback() {
        checkOpen();
        failed = true;
        release();
        gaps.clear();
        lane = openLane();
        segments = reopened();
        nextSequence = lane.state().position();
        failed = false;
    }

    /** Whether a failure was final: only {@link #rollback} and {@link #close} may be called. */
    public synchronized boolean hasFailed() {
        return failed;
    }

    /**
     * Whether a successor has opened the lane, which {@link #rollback} would take back from it. Also true after a
     * rollback of this writer that failed on its way.
     */
    public synchronized boolean isFenced() {
        return lane.isFenced();
    }

    /** Commits, seals the present segment and closes. A second call does nothing. */
    public synchronized void finish() {
        if (closed) {
            return;
        }
        roll();
        commit();
        close();
    }

    /** Releases the lane without committing: records since the last commit are dropped. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            release();
        } finally {
            if (lock != null) {
                lock.close();
            }
        }
    }

    /** A successor deletes what this writer has not committed, and the lifecycle a directory that is empty then. */
    private void force() {
        try {
            segments.force();
        } catch (NotFoundException deleted) {
            throw lane.unlessFenced(deleted);
        }
    }

    private void renewEpoch() {
        failed = true;
        segments.roll();
        force();
        if (!segments.isClean()) {
            lane.commit(new LaneCommit(nextSequence, segments.touched(), List.of()));
            segments.afterCommit();
        }
        release();
        lane = openLane();
        segments = segmentsOf(lane);
        failed = false;
    }

    /** What is late is judged by what is committed, so that a record comes to the same place after a crash. */
    private LaneSegments reopened() {
        try {
            if (order != null) {
                order.restore(CommittedPartitions.of(table, lane.lane(), lane.state()));
            }
            return segmentsOf(lane);
        } catch (RuntimeException failed) {
            lane.close();
            throw failed;
        }
    }

    private LaneLog openLane() {
        return LaneLog.open(
                table.layout(),
                identity,
                table.environment().clock(),
                () -> table.logs().catalog().state());
    }

    private LaneSegments segmentsOf(LaneLog opened) {
        LaneSegments fresh = new LaneSegments(table, options, new SegmentOwner(opened.lane(), opened.epoch()), order);
        fresh.deleteWithdrawn(opened);
        return fresh;
    }

    private void release() {
        try {
            segments.close();
        } finally {
            lane.close();
        }
    }

    private void checkUsable() {
        checkOpen();
        if (failed) {
            throw new ClosedException("Writer '" + options.name() + "' of " + table.path()
                    + " failed in a commit; call rollback() and append again from position()");
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new ClosedException("Writer '" + options.name() + "' of " + table.path() + " is closed");
        }
    }
}
