package io.firn.table;

import io.firn.error.ClosedException;
import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.log.LaneName;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSnapshot;
import io.firn.log.SegmentEntry;
import io.firn.record.RecordView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads single committed records of one writer by their sequences, in any order: for who keeps an index of his own.
 *
 * <p>Keeps a plan and a few open files from call to call, so that a look-up near the last one costs no file operation.
 * It plans again by itself when a sequence is beyond its plan or a file of it was rewritten meanwhile; settling,
 * compression and compaction in between change nothing of what is found. Confined to one thread at a time.
 */
public final class PointReader implements AutoCloseable {
    private static final int MAX_OPEN = 8;

    private final Table table;
    private final String writer;
    private final String lane;
    /** Open files by path, the one that was used longest ago in front. */
    private final Map<String, PointSource> open = new LinkedHashMap<>(MAX_OPEN, 0.75f, true);

    private @Nullable ReadPlan plan;
    private @Nullable PointSource found;
    private boolean closed;

    PointReader(Table table, String writer) {
        this.table = table;
        this.writer = writer;
        this.lane = LaneName.encode(writer);
    }

    /**
     * Moves to the record of a sequence.
     *
     * @return false when no such record is committed, or it was removed
     * @throws CorruptDataException when stored bytes are damaged; the message names file and offset
     * @throws NotFoundException when a file is missing and nothing replaced it
     */
    public boolean seek(long sequence) {
        if (closed) {
            throw new ClosedException("The point reader of writer '" + writer + "' of " + table.path() + " is closed");
        }
        found = null;
        for (int replans = 0; ; replans++) {
            try {
                if (find(sequence) || replans == TableScan.MAX_REPLANS || !refresh()) {
                    return found != null;
                }
            } catch (NotFoundException rewritten) {
                if (replans == TableScan.MAX_REPLANS) {
                    throw rewritten;
                }
                planAgain();
            }
        }
    }

    /** The record that the reader stands on, valid until the next {@link #seek}. */
    public RecordView record() {
        return present().record();
    }

    /** The table's directory, for messages. */
    public Path tablePath() {
        return table.path();
    }

    /** The file that holds the record, for messages; it may be rewritten at any time. */
    public Path path() {
        return present().file();
    }

    /** Offset of the record in the uncompressed form of {@link #path}, bytes. */
    public long offset() {
        return present().offset();
    }

    /** Closes its files and forgets its plan; the next {@link #seek} begins anew. */
    public void release() {
        found = null;
        plan = null;
        open.values().forEach(PointSource::close);
        open.clear();
    }

    /** Closes its files, and lets other processes know what was read. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            release();
            table.flushAccess();
        }
    }

    private PointSource present() {
        PointSource source = found;
        if (source == null) {
            throw new IllegalStateException("the point reader of writer '" + writer + "' stands on no record");
        }
        return source;
    }

    private ReadPlan plan() {
        ReadPlan present = plan;
        if (present == null) {
            present = table.planOf(Set.of(lane));
            plan = present;
        }
        return present;
    }

    /** Whether there was anything new to plan with. */
    private boolean refresh() {
        ReadPlan present = plan();
        boolean known = !present.lanes().isEmpty();
        if (known && table.isCurrentOfItsLanes(present)) {
            return false;
        }
        planAgain();
        return known || !plan().lanes().isEmpty();
    }

    /** Files of an earlier plan are used only if the present one names them (rule 25). */
    private void planAgain() {
        release();
        plan();
    }

    private boolean find(long sequence) {
        for (SourceSpec spec : specsOf(sequence)) {
            PointSource source = source(spec);
            if (source.seek(sequence)) {
                found = source;
                return true;
            }
        }
        return false;
    }

    private List<SourceSpec> specsOf(long sequence) {
        ReadPlan present = plan();
        List<SourceSpec> specs = new ArrayList<>();
        for (SegmentEntry entry : present.catalog().state().segments()) {
            entry.range(lane)
                    .filter(held -> sequence >= held.firstSequence() && sequence <= held.lastSequence())
                    .ifPresent(held -> specs.add(SourceSpec.of(entry, held)));
        }
        for (LaneSnapshot known : present.lanes()) {
            addHot(present, known, sequence, specs);
        }
        return specs;
    }

    private void addHot(ReadPlan present, LaneSnapshot known, long sequence, List<SourceSpec> specs) {
        if (!known.lane().equals(lane) || sequence >= known.state().position()) {
            return;
        }
        LaneSegment last = null;
        for (LaneSegment segment : known.state().segments()) {
            last = segment.baseSequence() <= sequence ? segment : last;
        }
        if (last != null && !present.catalog().state().isRemoved(last)) {
            specs.add(SourceSpec.of(last, present.catalog().state().removal(last.path())));
        }
    }

    private PointSource source(SourceSpec spec) {
        PointSource known = open.get(spec.path());
        if (known != null) {
            return known;
        }
        while (open.size() >= MAX_OPEN) {
            Iterator<PointSource> oldest = open.values().iterator();
            oldest.next().close();
            oldest.remove();
        }
        PointSource opened = PointSource.open(table, lane, spec);
        open.put(spec.path(), opened);
        return opened;
    }
}
