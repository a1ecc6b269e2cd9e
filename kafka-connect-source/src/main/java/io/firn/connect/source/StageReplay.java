package io.firn.connect.source;

import io.firn.error.FirnException;
import io.firn.record.RecordHeader;
import io.firn.record.RecordView;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays some lanes of one table, each in the order of its sequences.
 *
 * <p>A position is a lane's next sequence, so settling and compression in the middle change nothing. After an error the
 * reader is opened again behind the last record that was handed out. Confined to one thread.
 */
final class StageReplay implements ReplayPart {
    private static final Logger LOG = LoggerFactory.getLogger(StageReplay.class);
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Table table;
    private final ScanOptions.Builder scan;
    private final Map<String, Lane> lanes = new HashMap<>();
    private @Nullable Lane present;
    private @Nullable TableReader reader;
    private boolean standing;
    private boolean atEnd;

    /** A lane to read, and where it stands. */
    static final class Lane {
        private final String name;
        private final RecordMapper mapper;
        private final LaneRules rules;
        private long position;

        /**
         * Creates a lane.
         *
         * @param position the first sequence to read
         */
        Lane(String name, RecordMapper mapper, LaneRules rules, long position) {
            this.name = name;
            this.mapper = mapper;
            this.rules = rules;
            this.position = position;
        }
    }

    /**
     * Creates the replay; nothing is opened yet.
     *
     * @param table the table
     * @param scan what to read of it, but for the lanes and their positions
     * @param lanes every lane to read
     */
    StageReplay(Table table, ScanOptions.Builder scan, List<Lane> lanes) {
        this.table = table;
        this.scan = scan;
        lanes.forEach(lane -> this.lanes.put(lane.name, lane));
    }

    @Override
    public boolean fill(PollBatch batch) {
        try {
            while (stand(batch)) {
                if (!hand(batch)) {
                    return true;
                }
            }
            return !atEnd;
        } catch (FirnException e) {
            close();
            if (batch.isEmpty()) {
                throw e;
            }
            LOG.warn("Reading is tried again after an error: table={}", table.path(), e);
            return true;
        }
    }

    /**
     * Moves to the next record that is to be replayed, unless it stands on one.
     *
     * @return false when there is none at present ({@link #isAtEnd}) or the batch has looked at enough records
     */
    boolean stand(PollBatch batch) {
        TableReader records = openReader();
        atEnd = false;
        while (!standing) {
            if (batch.hasSkippedEnough()) {
                return false;
            }
            if (!records.next()) {
                atEnd = true;
                return false;
            }
            RecordView view = records.record();
            Lane lane = lane(records.writer());
            standing = lane.rules.accepts(view);
            if (!standing) {
                batch.skip(contentBytes(view));
                lane.position = view.sequence() + 1;
            }
        }
        return true;
    }

    /** Whether everything that is visible at present was handed out. */
    boolean isAtEnd() {
        return atEnd;
    }

    /** Timestamp in nanoseconds of the record on which it stands. */
    long timestampNs() {
        return openReader().record().timestampNs();
    }

    /** Adds the record on which it stands; false when the batch does not take it. */
    boolean hand(PollBatch batch) {
        TableReader records = openReader();
        RecordView view = records.record();
        long contentBytes = contentBytes(view);
        long headerBytes = headerBytes(view);
        if (!batch.takes(timestampMs(view), contentBytes, headerBytes)) {
            return false;
        }
        Lane lane = lane(records.writer());
        batch.add(lane.rules.shape(lane.mapper.map(view), view), contentBytes, headerBytes);
        lane.position = view.sequence() + 1;
        standing = false;
        return true;
    }

    @Override
    public void refresh() {
        if (reader != null && atEnd) {
            reader.refresh();
        }
    }

    @Override
    public String name() {
        return "table=" + table.path();
    }

    @Override
    public void close() {
        TableReader left = reader;
        reader = null;
        standing = false;
        atEnd = false;
        if (left != null) {
            left.close();
        }
    }

    private TableReader openReader() {
        TableReader opened = reader;
        if (opened == null) {
            Map<String, Long> positions = new HashMap<>();
            lanes.forEach((name, lane) -> positions.put(name, lane.position));
            opened = table.reader(
                    scan.writers(lanes.keySet()).fromSequences(positions).build());
            reader = opened;
        }
        return opened;
    }

    /** Mostly that of the record before. */
    private Lane lane(String name) {
        Lane found = present;
        if (found == null || !found.name.equals(name)) {
            found = lanes.get(name);
            if (found == null) {
                throw new IllegalStateException("the reader of " + table.path() + " was not asked for lane " + name);
            }
            present = found;
        }
        return found;
    }

    private static long contentBytes(RecordView view) {
        return Math.max(0, view.keyLength()) + (long) Math.max(0, view.valueLength());
    }

    private static long headerBytes(RecordView view) {
        if (view.headerCount() == 0) {
            return 0;
        }
        long sizeBytes = 0;
        for (RecordHeader header : view.headers()) {
            byte[] value = header.value();
            sizeBytes += header.name().length() + (value == null ? 0 : value.length);
        }
        return sizeBytes;
    }

    private static long timestampMs(RecordView view) {
        return view.inMillis() ? view.timestamp() : Math.floorDiv(view.timestamp(), NANOS_PER_MILLI);
    }
}
