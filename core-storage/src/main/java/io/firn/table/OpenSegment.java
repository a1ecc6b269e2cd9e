package io.firn.table;

import io.firn.log.LaneSegment;
import io.firn.log.TableLayout;
import io.firn.segment.SegmentHeader;
import io.firn.segment.SegmentOptions;
import io.firn.segment.SegmentWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A segment that a writer fills, with what of it is committed.
 *
 * <p>Confined to its writer's monitor.
 */
final class OpenSegment implements AutoCloseable {
    /** Sequences of one segment stay this close to its first one, so that every context can hold them. */
    private static final long MAX_SEQUENCE_SPAN = Integer.MAX_VALUE;

    private final SegmentWriter writer;
    private final String path;
    private final String lane;
    private final long baseSequence;
    private final long createdMs;
    private final Map<String, Integer> contexts = new HashMap<>();
    private @Nullable String latestPartition;
    private int latestContext;
    private long committedBytes;

    private OpenSegment(SegmentWriter writer, String path, String lane, long baseSequence, long createdMs) {
        this.writer = writer;
        this.path = path;
        this.lane = lane;
        this.baseSequence = baseSequence;
        this.createdMs = createdMs;
    }

    static OpenSegment create(Table table, SegmentRouter router, SegmentOwner owner, Path file, long baseSequence) {
        TableLayout layout = table.layout();
        long nowMs = table.environment().clock().millis();
        SegmentHeader.Builder header = SegmentHeader.builder(layout.tableId())
                .salt(layout.saltOf(layout.relativize(file)))
                .epoch(owner.epoch())
                .baseSequence(baseSequence)
                .createdMs(nowMs)
                .lane(owner.lane());
        router.fixedPartition().ifPresent(header::partitionPath);
        SegmentOptions options = table.segmentOptions(Objects.requireNonNull(file.getParent()));
        SegmentWriter writer = SegmentWriter.create(layout.store(), file, header.build(), options);
        OpenSegment segment = new OpenSegment(writer, layout.relativize(file), owner.lane(), baseSequence, nowMs);
        router.fixedPartition().ifPresent(partition -> segment.contexts.put(partition, 0));
        return segment;
    }

    SegmentWriter writer() {
        return writer;
    }

    String path() {
        return path;
    }

    long createdMs() {
        return createdMs;
    }

    /** Whether a record of this sequence may stand in the segment. */
    boolean reaches(long sequence) {
        return sequence - baseSequence <= MAX_SEQUENCE_SPAN;
    }

    /** The reference of a partition in this segment; defines it when it is new. */
    int context(String partition) {
        if (!partition.equals(latestPartition)) {
            latestContext = findContext(partition);
            latestPartition = partition;
        }
        return latestContext;
    }

    private int findContext(String partition) {
        Integer known = contexts.get(partition);
        if (known != null) {
            return known;
        }
        int defined = writer.context(lane, partition, baseSequence);
        contexts.put(partition, defined);
        return defined;
    }

    /** Whether nothing was appended since the last commit. */
    boolean isClean() {
        return writer.lengthBytes() == committedBytes;
    }

    void force() {
        if (!isClean()) {
            writer.force();
        }
    }

    LaneSegment committed(boolean rolled) {
        return new LaneSegment(path, baseSequence, writer.lengthBytes(), writer.recordCount(), rolled);
    }

    void markClean() {
        committedBytes = writer.lengthBytes();
    }

    @Override
    public void close() {
        writer.close();
    }
}
