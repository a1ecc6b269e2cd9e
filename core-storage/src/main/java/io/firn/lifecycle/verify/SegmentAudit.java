package io.firn.lifecycle.verify;

import io.firn.error.CorruptDataException;
import io.firn.fs.StoreFile;
import io.firn.log.HotInput;
import io.firn.log.LaneRange;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSegmentName;
import io.firn.log.LaneSnapshot;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import io.firn.record.FrameFormat;
import io.firn.segment.ContextSummary;
import io.firn.segment.Segment;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentCursor;
import io.firn.segment.SegmentSummary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads segment files from their first byte to their last committed one and compares them with their footers and with
 * what the logs say of them. The first damage of a file is a {@link CorruptDataException}. Confined to one thread.
 */
final class SegmentAudit {
    private static final int TRAILER_BYTES = 80;

    private final TableLayout layout;
    private final SegmentAccess access;

    SegmentAudit(TableLayout layout, SegmentAccess access) {
        this.layout = layout;
        this.access = access;
    }

    /** Reads a lane's segment up to its committed length; returns what stands in no other file. */
    SegmentContent hot(HotInput input) {
        Path path = layout.resolve(input.segment().path());
        long limit = input.segment().lengthBytes();
        try (Segment segment = Segment.open(layout.store(), path, access)) {
            checkTable(segment);
            if (segment.isSealed()) {
                checkSealedLength(segment, isSealedThere(input.segment()), limit);
            } else {
                checkNoLostFooter(path, limit);
            }
            SegmentContent content = new SegmentContent(path);
            read(segment, segment.isSealed() ? segment.dataEnd() : limit, limit, content, input);
            if (segment.isSealed()) {
                checkSummary(segment, content.contexts());
            }
            compare(path, "committed records", input.segment().records(), content.records());
            content.lanes().keySet().forEach(lane -> compare(path, "writer", input.lane(), lane));
            return content;
        }
    }

    /** Reads a file of the catalog. */
    SegmentContent rewritten(SegmentEntry entry) {
        Path path = layout.resolve(entry.path());
        compare(path, "size", entry.sizeBytes(), layout.store().info(path).sizeBytes());
        try (Segment segment = Segment.open(layout.store(), path, access)) {
            checkTable(segment);
            if (!segment.isSealed()) {
                throw new CorruptDataException(path, entry.sizeBytes(), "expected a footer, found none");
            }
            SegmentContent content = new SegmentContent(path);
            read(segment, segment.dataEnd(), segment.dataEnd(), content, null);
            checkSummary(segment, content.contexts());
            compare(path, "records", entry.records(), content.records());
            if (entry.records() > 0) {
                compare(path, "lowest timestamp", entry.minTimestampNs(), content.minTimestampNs());
                compare(path, "highest timestamp", entry.maxTimestampNs(), content.maxTimestampNs());
            }
            content.partitions().forEach(each -> compare(path, "partition", entry.partitionPath(), each));
            compare(path, "records by writer", rangesOf(entry), rangesOf(content));
            return content;
        }
    }

    private static Map<String, LaneRange> rangesOf(SegmentEntry entry) {
        Map<String, LaneRange> ranges = new HashMap<>();
        entry.lanes().forEach(range -> ranges.put(range.lane(), range));
        return ranges;
    }

    private static Map<String, LaneRange> rangesOf(SegmentContent content) {
        Map<String, LaneRange> ranges = new HashMap<>();
        content.lanes()
                .forEach((lane, tally) -> ranges.put(
                        lane, new LaneRange(lane, tally.firstSequence(), tally.lastSequence(), tally.records())));
        return ranges;
    }

    private void checkTable(Segment segment) {
        compare(segment.path(), "table", layout.tableId(), segment.header().tableId());
    }

    /**
     * Whether a footer stands where the committed records end. An owner may have sealed a segment after its log was
     * read, but never one that it had rolled before. A writer attempt seals what it has prepared; when that is never
     * committed, its retirement ends the segment where the last commit did.
     */
    private static boolean isSealedThere(LaneSegment segment) {
        String name = segment.path().substring(segment.path().lastIndexOf('/') + 1);
        boolean ofAttempt = LaneSegmentName.parse(name)
                .filter(file -> file.epoch() == LaneSnapshot.EPOCH_OF_ATTEMPTS)
                .isPresent();
        return segment.rolled() && !ofAttempt;
    }

    private static void checkSealedLength(Segment segment, boolean sealedThere, long limit) {
        if (sealedThere ? segment.dataEnd() != limit : segment.dataEnd() < limit) {
            throw new CorruptDataException(
                    segment.path(),
                    segment.dataEnd(),
                    "expected " + limit + " committed bytes, but the footer stands behind " + segment.dataEnd());
        }
    }

    /**
     * Behind an end word stands a footer. It is not at the end of the file only when a crash came before the file was
     * cut: then zeros are there.
     */
    private void checkNoLostFooter(Path path, long limit) {
        try (StoreFile file = layout.store().openRead(path)) {
            if (word(file, limit, Integer.BYTES).getInt(0) != FrameFormat.LENGTH_END) {
                return;
            }
            long behind = limit + Long.BYTES;
            long from = Math.max(behind, file.sizeBytes() - TRAILER_BYTES);
            ByteBuffer last = word(file, from, TRAILER_BYTES);
            boolean zeros = file.sizeBytes() >= behind + TRAILER_BYTES;
            for (int i = 0; i < TRAILER_BYTES; i++) {
                zeros &= last.get(i) == 0;
            }
            if (!zeros) {
                throw new CorruptDataException(
                        path, limit, "expected a footer behind the end of the records, found none that is valid");
            }
        }
    }

    /** Bytes of a file; zeros where there are none. */
    private static ByteBuffer word(StoreFile file, long offset, int size) {
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        file.read(bytes, offset);
        return bytes.clear();
    }

    private static void read(Segment segment, long end, long limit, SegmentContent content, @Nullable HotInput input) {
        try (SegmentCursor cursor = segment.cursor(0, end)) {
            while (cursor.next()) {
                int context = cursor.context().ref();
                content.count(context);
                if (cursor.offset() < limit) {
                    content.add(cursor, input == null ? Long.MIN_VALUE : input.firstLeft(context));
                }
            }
        }
    }

    /** The checksum over everything, and the counts of the footer. */
    private static void checkSummary(Segment segment, Map<Integer, Long> counts) {
        SegmentSummary summary = segment.summary().orElseThrow();
        long records = counts.values().stream().mapToLong(Long::longValue).sum();
        compare(segment.path(), "records", summary.recordCount(), records);
        for (ContextSummary each : summary.contexts()) {
            long found = counts.getOrDefault(each.context().ref(), 0L);
            compare(segment.path(), "records of context " + each.context().ref(), each.recordCount(), found);
        }
        compare(
                segment.path(),
                "checksum of all records",
                Integer.toHexString(summary.dataCrc()),
                Integer.toHexString(segment.checksum(segment.dataEnd())));
    }

    private static void compare(Path path, String what, Object expected, Object found) {
        if (!expected.equals(found)) {
            throw new CorruptDataException(path, 0, "expected " + what + " " + expected + ", found " + found);
        }
    }
}
