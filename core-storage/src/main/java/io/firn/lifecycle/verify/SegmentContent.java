package io.firn.lifecycle.verify;

import io.firn.error.CorruptDataException;
import io.firn.segment.SegmentCursor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What was found in one file. Confined to one thread. */
final class SegmentContent {
    private final Path path;
    private final Map<String, LaneTally> lanes = new HashMap<>();
    private final Set<String> partitions = new HashSet<>();
    private final Map<Integer, Long> contexts = new HashMap<>();
    private long records;
    private long visible;
    private long minTimestampNs = Long.MAX_VALUE;
    private long maxTimestampNs = Long.MIN_VALUE;

    SegmentContent(Path path) {
        this.path = path;
    }

    /** Counts a record for the comparison with the footer, also one behind the committed length. */
    void count(int context) {
        contexts.merge(context, 1L, Long::sum);
    }

    /** Records by context. */
    Map<Integer, Long> contexts() {
        return contexts;
    }

    /**
     * Counts the committed record of a cursor.
     *
     * @param firstLeft records of its context below this sequence stand elsewhere
     */
    void add(SegmentCursor cursor, long firstLeft) {
        String lane = cursor.context().lane();
        long sequence = cursor.record().sequence();
        if (!lanes.computeIfAbsent(lane, name -> new LaneTally()).add(sequence)) {
            throw new CorruptDataException(
                    path,
                    cursor.offset(),
                    "expected ascending sequences of writer '" + lane + "', found " + sequence
                            + " behind a higher one");
        }
        partitions.add(cursor.context().partitionPath());
        minTimestampNs = Math.min(minTimestampNs, cursor.record().timestampNs());
        maxTimestampNs = Math.max(maxTimestampNs, cursor.record().timestampNs());
        visible += sequence >= firstLeft ? 1 : 0;
        records++;
    }

    Map<String, LaneTally> lanes() {
        return lanes;
    }

    Set<String> partitions() {
        return partitions;
    }

    long records() {
        return records;
    }

    /** Records that stand in no other file. */
    long visible() {
        return visible;
    }

    long minTimestampNs() {
        return minTimestampNs;
    }

    long maxTimestampNs() {
        return maxTimestampNs;
    }
}
