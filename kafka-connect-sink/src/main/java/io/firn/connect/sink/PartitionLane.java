package io.firn.connect.sink;

import io.firn.error.FirnException;
import io.firn.error.InvalidRecordException;
import io.firn.error.StorageFullException;
import io.firn.error.StorageIoException;
import io.firn.error.WriterFencedException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Kafka partition and the lane that archives it.
 *
 * <p>The lane's position is the truth about what is archived. Whatever goes wrong, the lane goes back to its position,
 * asks for a rewind to it, and ignores records until the rewind is done. Rewinds are only asked for while Connect is in
 * {@code put}, when the partition is certainly assigned. Confined to the task's thread.
 */
final class PartitionLane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionLane.class);
    private static final int MAX_FAILURES = 10;
    private static final long RETRY_NS = Duration.ofSeconds(1).toNanos();
    /** A frozen task learns that its partition moved only some time after it wakes up; till then it waits. */
    private static final long FENCED_GRACE_NS = Duration.ofSeconds(15).toNanos();

    private enum State {
        /** The disk was full when the lane was to be opened. */
        UNOPENED,
        /** Records are appended. */
        STREAMING,
        /** The lane went back; the next put asks for a rewind. */
        REWIND_NEEDED,
        /** The rewind was asked for in this put; records are ignored until the next one. */
        REWINDING,
        /** The lane could not be opened again; it is tried again. */
        BROKEN,
        /** Somebody else opened the lane. */
        FENCED,
        /** The next put ends the task. */
        FAILED
    }

    private final TopicPartition partition;
    private final LaneOpener opener;
    private final ErrantRecords errant;
    private final LongSupplier nanoClock;
    private @Nullable OpenLane lane;
    private State state;
    private long next;
    private boolean beforeFirstRecord = true;
    private boolean redelivered;
    private boolean full;
    private boolean changed;
    private int failures;
    private long stateSinceNs;
    private long unrotatedSinceNs;
    private boolean unrotated;
    private @Nullable ConnectException failure;

    /**
     * Creates one for an open lane, or for one that is opened when there is space again.
     *
     * @param lane empty when it found the disk full
     */
    PartitionLane(
            TopicPartition partition,
            LaneOpener opener,
            Optional<OpenLane> lane,
            ErrantRecords errant,
            LongSupplier nanoClock) {
        this.partition = partition;
        this.opener = opener;
        this.lane = lane.orElse(null);
        this.errant = errant;
        this.nanoClock = nanoClock;
        this.state = lane.isPresent() ? State.STREAMING : State.UNOPENED;
        this.stateSinceNs = nanoClock.getAsLong();
        this.next = lane.map(OpenLane::start).orElse(0L);
    }

    /** The Kafka offset of the first record that is wanted; empty before the lane was opened. */
    OptionalLong start() {
        return lane == null ? OptionalLong.empty() : OptionalLong.of(next);
    }

    /** Whether the lane is still to be opened, by {@link #enter}. */
    boolean isUnopened() {
        return state == State.UNOPENED;
    }

    /** Takes the lane, now that it could be opened; the present put asks for a rewind to its position. */
    void enter(OpenLane opened) {
        lane = opened;
        unrotated = false;
        readFrom(opened.start());
    }

    /** The next put asks for a rewind to what the lane wants: the worker may lack records, or say too much of them. */
    void readAgain() {
        if (state == State.STREAMING || state == State.REWINDING) {
            change(State.REWIND_NEEDED);
        }
    }

    /** The table that the lane belongs to. */
    LaneHome table() {
        return open().table();
    }

    /** Whether records cannot be taken at present. */
    boolean isBroken() {
        return state == State.UNOPENED || state == State.BROKEN || state == State.FENCED;
    }

    /** Whether a commit made something visible, or sealed a segment, since the last call. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** Whether the disk was full since the last call. */
    boolean takeFull() {
        boolean was = full;
        full = false;
        return was;
    }

    /** The worker hands the records of this put over once more: those that were taken are ignored then. */
    void expectRedelivery() {
        redelivered = true;
    }

    /** Ends a put in which nothing went wrong. */
    void endBatch() {
        redelivered = false;
    }

    /**
     * Begins a put: a rewind that was asked for before is done by now.
     *
     * @throws ConnectException when the lane is lost for this task
     */
    void beginBatch(long nowNs) {
        switch (state) {
            case REWINDING -> state = State.STREAMING;
            case FAILED -> throw failed();
            case FENCED -> {
                if (nowNs - stateSinceNs > FENCED_GRACE_NS) {
                    throw failed();
                }
            }
            case BROKEN -> {
                if (nowNs - stateSinceNs > RETRY_NS) {
                    reopen();
                }
            }
            default -> {}
        }
    }

    /** Archives a record; one that comes before a requested rewind is ignored, it comes again. */
    void append(SinkRecord record, long nowNs) {
        if (state != State.STREAMING) {
            return;
        }
        long offset = record.originalKafkaOffset();
        if (offset < next) {
            if (!redelivered) {
                startNewGeneration(offset);
            }
            return;
        }
        if (beforeFirstRecord) {
            beforeFirstRecord = false;
            noteGap(offset);
        }
        if (!errant.admits(record)) {
            next = offset + 1;
            return;
        }
        try {
            if (waitsForReports()) {
                return;
            }
            open().writer().append(offset, record);
            next = offset + 1;
            noteUnrotated(nowNs);
        } catch (WriterFencedException e) {
            fenced(e);
        } catch (InvalidRecordException e) {
            errant.report(record, e);
            next = offset + 1;
        } catch (StorageFullException e) {
            if (!open().writer().keepsAppendedWhenFull()) {
                rollBack(e);
                return;
            }
            LOG.warn("disk full, partition waits: partition={} offset={} cause={}", partition, offset, e.getMessage());
            full = true;
            change(State.REWIND_NEEDED);
        } catch (StorageIoException e) {
            rollBack(e);
        }
    }

    /** The position may not move over errant records whose reports are not stored; what was taken stays taken. */
    private boolean waitsForReports() {
        if (!open().writer().storesByItself() || errant.awaitReports()) {
            return false;
        }
        LOG.warn("samples wait for reports of errant records: partition={}", partition);
        change(State.REWIND_NEEDED);
        return true;
    }

    /** The offset to rewind to, when a rewind is due; called at the end of a put. */
    OptionalLong takeRewind() {
        if (state != State.REWIND_NEEDED) {
            return OptionalLong.empty();
        }
        state = State.REWINDING;
        return OptionalLong.of(next);
    }

    /**
     * Commits what was appended.
     *
     * @param delivered the offset after the last record that Connect has delivered or filtered
     * @return the committed position, empty when nothing may be acknowledged
     */
    OptionalLong commit(long delivered, long rotateAfterNs, long nowNs) {
        if (isBroken() || state == State.FAILED) {
            return OptionalLong.empty();
        }
        try {
            if (!errant.awaitReports()) {
                LOG.warn("commit waits for reports of errant records: partition={}", partition);
                return OptionalLong.empty();
            }
            if (state == State.STREAMING) {
                next = Math.max(next, delivered);
            }
            if (unrotated && nowNs - unrotatedSinceNs >= rotateAfterNs) {
                open().writer().roll();
                unrotated = false;
                changed = true;
            }
            return OptionalLong.of(commitWriter());
        } catch (WriterFencedException e) {
            fenced(e);
        } catch (StorageIoException e) {
            rollBack(e);
        } catch (FirnException e) {
            fail(new ConnectException("Cannot commit " + partition + ": " + e.getMessage(), e));
        } catch (ConnectException e) {
            fail(e);
        } catch (RuntimeException | Error e) { // nobody knows how far it came
            change(State.BROKEN);
            throw e;
        }
        return OptionalLong.empty();
    }

    private long commitWriter() {
        LaneWriter writer = open().writer();
        long before = writer.position();
        writer.advanceTo(next);
        long position = writer.commit();
        if (position > before) {
            failures = 0;
            changed = true;
        }
        return position;
    }

    /** Releases the lane; commits first unless there is no time for it, and never fails. */
    void close(boolean commit) {
        boolean committable = state == State.STREAMING || state == State.REWINDING || state == State.REWIND_NEEDED;
        try {
            if (commit && committable && errant.awaitReports()) {
                commitWriter();
            }
        } catch (FirnException | ConnectException e) {
            LOG.warn("last commit failed, its records will be read again: partition={}", partition, e);
        }
        close();
    }

    @Override
    public void close() {
        if (lane == null) {
            return;
        }
        try {
            lane.writer().close();
        } catch (FirnException e) {
            LOG.warn("cannot release the lane: partition={}", partition, e);
        }
        lane = null;
    }

    private void noteUnrotated(long nowNs) {
        if (!unrotated) {
            unrotated = true;
            unrotatedSinceNs = nowNs;
        }
    }

    private void noteGap(long offset) {
        if (offset > next && open().mayHaveGap()) {
            LOG.warn("records are gone before they were archived: partition={} from={} to={}", partition, next, offset);
            open().writer().recordGap(next, offset);
        }
    }

    private void startNewGeneration(long offset) {
        String reason = "offset " + offset + " came, but everything below " + next + " is archived already";
        opener.checkNewGenerationAllowed(partition, reason);
        errant.requireReports();
        OpenLane old = open();
        try {
            commitWriter();
        } catch (WriterFencedException e) {
            fenced(e);
            return;
        }
        close();
        change(State.UNOPENED);
        enter(opener.openNextGeneration(old, reason));
    }

    private void readFrom(long offset) {
        next = offset;
        beforeFirstRecord = true;
        change(State.REWIND_NEEDED);
    }

    private void rollBack(StorageIoException cause) {
        failures++;
        LOG.warn("lane goes back to its last commit: partition={} failures={}", partition, failures, cause);
        full |= cause instanceof StorageFullException;
        if (failures > MAX_FAILURES && !full) {
            fail(new ConnectException(
                    "Archiving " + partition + " failed " + failures + " times in a row: "
                            + cause.getMessage()
                            + ". Committed records are safe; restart the task when the file system works"
                            + " again.",
                    cause));
            return;
        }
        reopen();
    }

    private void reopen() {
        try {
            LaneWriter writer = open().writer();
            writer.rollback();
            readFrom(writer.position());
        } catch (WriterFencedException e) {
            fenced(e);
        } catch (StorageIoException e) {
            LOG.warn("lane cannot be opened yet: partition={} cause={}", partition, e.getMessage());
            change(State.BROKEN);
        } catch (FirnException e) {
            fail(new ConnectException("Cannot open the lane of " + partition + " again: " + e.getMessage(), e));
        }
    }

    private void fenced(WriterFencedException cause) {
        failure = new ConnectException(open().describeSuccessor(cause), cause);
        change(State.FENCED);
        LOG.warn("lane has another owner: partition={} {}", partition, failure.getMessage());
    }

    /** The lane, in states in which it is open. */
    private OpenLane open() {
        return Objects.requireNonNull(lane, "the lane is not open");
    }

    private void fail(ConnectException cause) {
        failure = cause;
        change(State.FAILED);
    }

    private ConnectException failed() {
        return new ConnectException(String.valueOf(failure == null ? null : failure.getMessage()), failure);
    }

    private void change(State newState) {
        state = newState;
        stateSinceNs = nanoClock.getAsLong();
    }
}
