package io.firn.table;

import io.firn.log.LaneRange;
import io.firn.log.LaneSegment;
import io.firn.log.Removal;
import io.firn.log.RewrittenFile;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import io.firn.segment.Segment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What to read of one file: a plan's answer, made before the file is opened.
 *
 * @param path path relative to the table's directory
 * @param limitBytes committed length, or -1 for a rewritten segment, which is read to its end
 * @param firstSequence no record of the lane in this file is below it
 * @param lastSequence no record of the lane in this file is above it
 * @param tail also what is published beyond the committed length
 * @param removed per context the last sequence that stands elsewhere
 * @param entry what the catalog says of a rewritten file, null for a lane's segment
 */
record SourceSpec(
        String path,
        long limitBytes,
        long firstSequence,
        long lastSequence,
        boolean tail,
        Map<Integer, Long> removed,
        @Nullable SegmentEntry entry) {
    static final long TO_THE_END = -1;

    static SourceSpec of(LaneSegment segment, Optional<Removal> removal) {
        Map<Integer, Long> removed = new HashMap<>();
        removal.ifPresent(some -> some.contexts().forEach(limit -> removed.put(limit.context(), limit.lastSequence())));
        return new SourceSpec(
                segment.path(),
                segment.lengthBytes(),
                segment.baseSequence(),
                Long.MAX_VALUE,
                false,
                Map.copyOf(removed),
                null);
    }

    /** A file of which nothing is committed yet. */
    static SourceSpec uncommitted(String path, long baseSequence) {
        return new SourceSpec(path, 0, baseSequence, Long.MAX_VALUE, true, Map.of(), null);
    }

    /** Whether no commit names the file. */
    boolean isUncommitted() {
        return tail && limitBytes == 0;
    }

    /** The same file, also beyond what is committed. */
    SourceSpec withTail() {
        return new SourceSpec(path, limitBytes, firstSequence, lastSequence, true, removed, entry);
    }

    static SourceSpec of(SegmentEntry entry, LaneRange range) {
        return new SourceSpec(
                entry.path(), TO_THE_END, range.firstSequence(), range.lastSequence(), false, Map.of(), entry);
    }

    /** All of a rewritten file. */
    static SourceSpec of(SegmentEntry entry) {
        return new SourceSpec(entry.path(), TO_THE_END, Long.MIN_VALUE, Long.MAX_VALUE, false, Map.of(), entry);
    }

    /** Opens the file, which must be the one that the plan meant. */
    Segment open(Table table) {
        TableLayout layout = table.layout();
        Path file = layout.resolve(path);
        return entry == null
                ? Segment.open(layout.store(), file, table.segmentAccess())
                : RewrittenFile.open(layout.store(), file, entry, table.segmentAccess());
    }

    /** The first sequence of a context that still stands in this file. */
    long firstLeft(int context) {
        Long last = removed.get(context);
        return last == null ? Long.MIN_VALUE : last + 1;
    }
}
