package io.firn.connect.source;

import io.firn.error.FirnException;
import io.firn.record.RecordView;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.util.HashMap;
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
    private final Map<String, RecordMapper> mappers;
    private final Map<String, LaneRules> rules;
    private final Map<String, Long> positions;
    private @Nullable TableReader reader;
    private boolean standing;
    private boolean atEnd;

    /**
     * Creates the replay; nothing is opened yet.
     *
     * @param table the table
     * @param scan what to read of it, but for the lanes and their positions
     * @param mappers by lane, for every lane to read
     * @param rules by lane, for every lane to read
     * @param positions next sequence by lane
     */
    StageReplay(
            Table table,
            ScanOptions.Builder scan,
            Map<String, RecordMapper> mappers,
            Map<String, LaneRules> rules,
            Map<String, Long> positions) {
        this.table = table;
        this.scan = scan;
        this.mappers = Map.copyOf(mappers);
        this.rules = Map.copyOf(rules);
        this.positions = new HashMap<>(positions);
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
        TableReader present = openReader();
        atEnd = false;
        while (!standing) {
            if (batch.hasSkippedEnough()) {
                return false;
            }
            if (!present.next()) {
                atEnd = true;
                return false;
            }
            standing = rules(present).accepts(present.record());
            if (!standing) {
                batch.skip(sizeBytes(present.record()));
                positions.put(present.writer(), present.record().sequence() + 1);
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
        TableReader present = openReader();
        RecordView view = present.record();
        long sizeBytes = sizeBytes(view);
        if (!batch.takes(timestampMs(view), sizeBytes)) {
            return false;
        }
        String lane = present.writer();
        RecordMapper mapper = mappers.get(lane);
        if (mapper == null) {
            throw notAskedFor(lane);
        }
        batch.add(rules(present).shape(mapper.map(view), view), sizeBytes);
        positions.put(lane, view.sequence() + 1);
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
        TableReader present = reader;
        reader = null;
        standing = false;
        atEnd = false;
        if (present != null) {
            present.close();
        }
    }

    private TableReader openReader() {
        TableReader present = reader;
        if (present == null) {
            present = table.reader(
                    scan.writers(mappers.keySet()).fromSequences(positions).build());
            reader = present;
        }
        return present;
    }

    private LaneRules rules(TableReader present) {
        LaneRules found = rules.get(present.writer());
        if (found == null) {
            throw notAskedFor(present.writer());
        }
        return found;
    }

    private IllegalStateException notAskedFor(String lane) {
        return new IllegalStateException("the reader of " + table.path() + " was not asked for lane " + lane);
    }

    private static long sizeBytes(RecordView view) {
        return Math.max(0, view.keyLength()) + (long) Math.max(0, view.valueLength());
    }

    private static long timestampMs(RecordView view) {
        return view.inMillis() ? view.timestamp() : Math.floorDiv(view.timestamp(), NANOS_PER_MILLI);
    }
}
