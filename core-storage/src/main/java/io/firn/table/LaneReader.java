package io.firn.table;

import io.firn.error.NotFoundException;
import io.firn.log.LaneName;
import io.firn.log.LaneSnapshot;
import io.firn.record.RecordView;
import org.jspecify.annotations.Nullable;

/**
 * The committed records of one lane, by sequence; {@link LaneReaders} opens it. Settling, compression and compaction in
 * between change nothing of what comes.
 *
 * <p>Confined to the thread of its readers.
 */
public final class LaneReader implements AutoCloseable {
    private final LaneReaders readers;
    private final SourceSupply supply;
    private final String writer;
    private final String lane;
    private final long to;
    private long position;
    private @Nullable LaneScan scan;

    LaneReader(LaneReaders readers, SourceSupply supply, String writer, SequenceRange range) {
        this.readers = readers;
        this.supply = supply;
        this.writer = writer;
        this.lane = LaneName.encode(writer);
        this.to = range.to();
        this.position = range.from();
    }

    /**
     * Moves to the next record.
     *
     * @return false at the end, or when nothing more was visible at the last {@link LaneReaders#refresh}
     * @throws io.firn.error.CorruptDataException when stored bytes are damaged; the message names file and offset
     * @throws NotFoundException when a file is missing and nothing replaced it, or the lane of a range with an end is
     */
    public boolean next() {
        for (int replans = 0; ; replans++) {
            try {
                return advance();
            } catch (NotFoundException rewritten) {
                if (replans == TableScan.MAX_REPLANS) {
                    throw rewritten;
                }
                leave();
                readers.planAgain();
            } catch (RuntimeException failed) {
                leave(); // whoever goes on shall skip nothing
                throw failed;
            }
        }
    }

    /** The record that the reader stands on, valid until any reader of its {@link LaneReaders} moves. */
    public RecordView record() {
        return present().record();
    }

    /** Hive path of the record's partition, empty in an unpartitioned table. */
    public String partitionPath() {
        return present().partitionPath();
    }

    /** The file that the record was read from; the same object for all records of a file that stays open. */
    public RecordFile file() {
        return present().file();
    }

    /** Name of the lane's writer. */
    public String writer() {
        return writer;
    }

    /** The first sequence that was not passed: where another reader could go on. */
    public long position() {
        return scan == null ? position : scan.position();
    }

    /** Whether nothing will ever follow: the end is reached, or an attempt that has ended is read completely. */
    public boolean isFinished() {
        return position() >= to
                || (scan == null
                        && readers.planned(lane)
                                .filter(known -> known.ended()
                                        && position >= known.state().position())
                                .isPresent());
    }

    /** How many sequences lie between the position and what was committed at the last plan; not all need be records. */
    public long lag() {
        long committed =
                readers.planned(lane).map(known -> known.state().position()).orElse(0L);
        return Math.max(0, Math.min(to, committed) - Math.max(0, position()));
    }

    /** Closes its files. Idempotent. */
    @Override
    public void close() {
        leave();
        readers.closed(this);
    }

    String lane() {
        return lane;
    }

    /** Closes the files and remembers the position; {@link #next} opens them again. */
    void leave() {
        if (scan != null) {
            leave(scan.position());
        }
    }

    private void leave(long next) {
        LaneScan left = scan;
        position = next;
        scan = null;
        readers.left(this);
        if (left != null) {
            left.close();
        }
    }

    private boolean advance() {
        while (true) {
            LaneScan present = scan;
            if (present == null) {
                present = open();
                if (present == null) {
                    return false;
                }
            }
            if (present.next()) {
                return true;
            }
            leave(present.endPosition());
        }
    }

    private @Nullable LaneScan open() {
        if (position >= to) {
            return null;
        }
        ReadPlan plan = readers.plan();
        LaneSnapshot known = readers.planned(lane).orElse(null);
        if (known == null && to != Long.MAX_VALUE) {
            throw new NotFoundException("Table " + readers.table().path() + " has no writer '" + writer
                    + "' any more, of which sequences " + position + " to " + to + " were to be read");
        }
        if (known == null || position >= known.state().position()) {
            return null;
        }
        readers.opening();
        LaneScan opened = LaneScan.open(supply, plan, known, new SequenceRange(position, to));
        scan = opened;
        readers.opened(this);
        return opened;
    }

    private LaneScan present() {
        if (scan == null) {
            throw new IllegalStateException("the reader of writer '" + writer + "' stands on no record");
        }
        return scan;
    }
}
