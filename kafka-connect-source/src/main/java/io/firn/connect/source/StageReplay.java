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
final class StageReplay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StageReplay.class);

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

    /**
     * Adds records until the batch is full.
     *
     * @return whether there may be more: false when everything that is visible at present was added
     * @throws FirnException when the archive cannot be read and nothing was added; what was added before an error is
     *     handed out first, and the error shows again with the next call
     */
    boolean fill(PollBatch batch) {
        try {
            TableReader present = openReader();
            atEnd = false;
            while (standing || present.next()) {
                standing = true;
                if (!hand(present, batch)) {
                    return true;
                }
                standing = false;
            }
            atEnd = true;
            return false;
        } catch (FirnException e) {
            close();
            if (batch.isEmpty()) {
                throw e;
            }
            LOG.warn("Reading is tried again after an error: table={}", table.path(), e);
            return true;
        }
    }

    /** Looks for records that were committed since the end was reached, if it was; cheap when there are none. */
    void refresh() {
        if (reader != null && atEnd) {
            reader.refresh();
        }
    }

    /** Where the table lies. */
    String name() {
        return table.path().toString();
    }

    /** Closes the reader; {@link #fill} opens it again. Idempotent. */
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

    /** Adds the record that the reader stands on; false when it does not fit. */
    private boolean hand(TableReader present, PollBatch batch) {
        RecordView view = present.record();
        long sizeBytes = Math.max(0, view.keyLength()) + (long) Math.max(0, view.valueLength());
        if (!batch.fits(sizeBytes)) {
            return false;
        }
        String lane = present.writer();
        RecordMapper mapper = mappers.get(lane);
        LaneRules last = rules.get(lane);
        if (mapper == null || last == null) {
            throw new IllegalStateException("the reader of " + table.path() + " was not asked for lane " + lane);
        }
        batch.add(last.shape(mapper.map(view), view), sizeBytes);
        positions.put(lane, view.sequence() + 1);
        return true;
    }
}
