package io.firn.table;

import io.firn.error.ClosedException;
import io.firn.error.NotFoundException;
import io.firn.log.LaneSnapshot;
import io.firn.record.RecordView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a table: writer by writer (names ascending), each in the order of its sequences, hot and cold
 * alike.
 *
 * <p>{@link #next} returns false when everything that was visible at the last plan is read; {@link #refresh} plans
 * again, and {@link #next} goes on with what came since: new records, new writers, new partitions, over rolls, settling
 * and compression. No record is skipped or seen twice. Confined to one thread.
 */
public final class TableReader implements AutoCloseable {
    /** A file that vanishes between plan and open was rewritten; more often than this it is missing. */
    private static final int MAX_REPLANS = 100;

    private final Table table;
    private final ScanOptions options;
    /** Where writers were left; the position in the present one is asked of its scan, not stored for every record. */
    private final Map<String, Long> positions = new HashMap<>();

    private final Map<String, Long> epochs = new HashMap<>();
    private ReadPlan plan;
    private int nextLane;
    private @Nullable LaneScan scan;
    private boolean closed;

    TableReader(Table table, ScanOptions options) {
        this.table = table;
        this.options = options;
        this.plan = table.plan();
    }

    /**
     * Moves to the next record.
     *
     * @return false when nothing more is visible at present
     * @throws io.firn.error.CorruptDataException when stored bytes are damaged; the message names file and offset
     */
    public boolean next() {
        checkOpen();
        for (int replans = 0; ; replans++) {
            try {
                return advance();
            } catch (NotFoundException rewritten) {
                if (replans == MAX_REPLANS) {
                    throw rewritten;
                }
                planAgain();
            }
        }
    }

    /** The record that the reader stands on, valid until the next move. */
    public RecordView record() {
        return present().record();
    }

    /** Name of the writer that appended the record. */
    public String writer() {
        return present().writer();
    }

    /** Hive path of the record's partition, empty in an unpartitioned table. */
    public String partitionPath() {
        return present().partitionPath();
    }

    /**
     * Plans again, so that {@link #next} finds what was committed since. Cheap when nothing was.
     *
     * @return false when nothing changed since the last plan
     */
    public boolean refresh() {
        checkOpen();
        boolean changed = options.isolation() == Isolation.READ_UNCOMMITTED || !table.isCurrent(plan);
        if (changed) {
            planAgain();
        }
        return changed;
    }

    /**
     * The first sequence of a writer that this reader has not passed, so that a later reader can go on from there
     * ({@link ScanOptions.Builder#fromSequences}).
     */
    public long position(String writer) {
        LaneScan present = scan;
        return present != null && present.writer().equals(writer) ? present.position() : passed(writer);
    }

    /** Closes every open file. Idempotent. */
    @Override
    public void close() {
        closed = true;
        closeScan();
    }

    private boolean advance() {
        while (true) {
            LaneScan present = scan;
            if (present == null) {
                if (!openNextLane()) {
                    return false;
                }
                continue;
            }
            if (present.next()) {
                return true;
            }
            positions.put(present.writer(), present.endPosition());
            closeScan();
        }
    }

    private boolean openNextLane() {
        List<LaneSnapshot> lanes = plan.lanes();
        while (nextLane < lanes.size()) {
            LaneSnapshot lane = lanes.get(nextLane++);
            String writer = lane.identity().writer();
            if (options.writers().filter(only -> !only.contains(writer)).isEmpty()) {
                scan = LaneScan.open(table, options, plan, lane, startOf(lane));
                return true;
            }
        }
        return false;
    }

    /** Where uncommitted records were withdrawn, others come in their place: go on behind what is committed. */
    private long startOf(LaneSnapshot lane) {
        String writer = lane.identity().writer();
        Long epoch = epochs.put(writer, lane.logPosition().epoch());
        boolean withdrawn = epoch != null
                && epoch != lane.logPosition().epoch()
                && options.isolation() == Isolation.READ_UNCOMMITTED;
        return withdrawn ? Math.min(passed(writer), lane.state().position()) : passed(writer);
    }

    private long passed(String writer) {
        return positions.getOrDefault(writer, options.fromSequence(writer));
    }

    private void planAgain() {
        if (scan != null) {
            positions.put(scan.writer(), scan.position());
        }
        closeScan();
        plan = table.plan();
        nextLane = 0;
    }

    private void closeScan() {
        if (scan != null) {
            scan.close();
            scan = null;
        }
    }

    private LaneScan present() {
        checkOpen();
        if (scan == null) {
            throw new IllegalStateException("the reader stands on no record; call next() first");
        }
        return scan;
    }

    private void checkOpen() {
        if (closed) {
            throw new ClosedException("The reader of " + table.path() + " is closed");
        }
    }
}
