package io.firn.lifecycle;

import io.firn.log.HotInput;
import io.firn.log.LaneSegment;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import io.firn.segment.Segment;
import io.firn.segment.SegmentCursor;
import io.firn.segment.SegmentSummary;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Looks for chosen records in single files, each read as a whole. Thread-safe. */
final class RecordSearch {
    private static final long STOP_CHECK_MASK = 0xFFF;

    private final RewriteContext context;
    private final RecordChoice records;
    private final Predicate<String> wanted;

    /**
     * Creates the search.
     *
     * @param wanted the partitions, by path, in which records are looked for
     */
    RecordSearch(RewriteContext context, RecordChoice records, Predicate<String> wanted) {
        this.context = context;
        this.records = records;
        this.wanted = wanted;
    }

    /**
     * What a file holds.
     *
     * @param visible records that stand in no other file
     * @param hidden records that were rewritten elsewhere or removed: their bytes are still here
     * @param hasTail whether unknown bytes may lie behind the committed ones
     */
    record Found(long visible, long hidden, boolean hasTail) {
        boolean isNothing() {
            return visible == 0 && hidden == 0;
        }
    }

    /** Counts in a file of the catalog. */
    Found in(SegmentEntry entry) {
        try (Segment segment = open(entry.path());
                SegmentCursor cursor = segment.cursor()) {
            return count(cursor, null);
        }
    }

    /** Counts in the committed part of a lane's segment, also what a reader does not see there any more. */
    Found in(HotInput input) {
        LaneSegment committed = input.segment();
        try (Segment segment = open(committed.path());
                SegmentCursor cursor = segment.cursor(0, committed.lengthBytes())) {
            Found found = count(cursor, input);
            Optional<SegmentSummary> summary = segment.summary();
            boolean sealed = summary.isPresent() && summary.get().dataEnd() == committed.lengthBytes();
            return new Found(found.visible(), found.hidden(), !sealed);
        }
    }

    private Found count(SegmentCursor cursor, @Nullable HotInput input) {
        long visible = 0;
        long hidden = 0;
        long seen = 0;
        while (cursor.next()) {
            if ((++seen & STOP_CHECK_MASK) == 0) {
                context.stop().check();
            }
            if (records.contains(cursor.context(), cursor.record())
                    && wanted.test(cursor.context().partitionPath())) {
                boolean left = input == null
                        || cursor.record().sequence()
                                >= input.firstLeft(cursor.context().ref());
                visible += left ? 1 : 0;
                hidden += left ? 0 : 1;
            }
        }
        return new Found(visible, hidden, false);
    }

    private Segment open(String path) {
        TableLayout layout = context.layout();
        Path file = layout.resolve(path);
        return Segment.open(layout.store(), file, context.access());
    }
}
