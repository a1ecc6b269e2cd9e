package io.firn.lifecycle;

import io.firn.record.RecordView;
import io.firn.segment.SegmentContext;
import io.firn.segment.SegmentHeader;
import io.firn.segment.SegmentSummary;
import io.firn.segment.SegmentWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the records of one partition into as many files as the size of segments asks for. Confined to one thread.
 */
final class PartitionOutput implements AutoCloseable {
    private static final int GENERATION = 1;

    private final OutputFiles files;
    private final String partitionPath;
    private @Nullable SegmentWriter writer;
    private final Map<String, SegmentContext> byLane = new HashMap<>();
    private @Nullable SegmentContext last;

    PartitionOutput(OutputFiles files, String partitionPath) {
        this.files = files;
        this.partitionPath = partitionPath;
    }

    void append(SegmentContext context, RecordView record) {
        SegmentWriter target = writer == null ? start(context, record) : writer;
        int reference = reference(target, context, record);
        if (!target.fits(reference, record)) {
            finish();
            target = start(context, record);
            reference = reference(target, context, record);
        }
        target.append(reference, record);
    }

    /** Ends the present file. */
    void finish() {
        SegmentWriter full = writer;
        if (full == null) {
            return;
        }
        SegmentSummary summary = full.finish();
        writer = null;
        files.complete(partitionPath, full.path(), summary);
    }

    @Override
    public void close() {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }

    private SegmentWriter start(SegmentContext context, RecordView record) {
        Path path = files.newFile();
        SegmentHeader header = files.header(path)
                .generation(GENERATION)
                .baseSequence(record.sequence())
                .lane(context.lane())
                .partitionPath(partitionPath)
                .build();
        SegmentWriter started = files.create(path, header);
        writer = started;
        byLane.clear();
        last = remember(new SegmentContext(0, context.lane(), partitionPath, record.sequence()));
        return started;
    }

    private SegmentContext remember(SegmentContext own) {
        byLane.put(own.lane(), own);
        return own;
    }

    /** The new file's reference for the lane of a record. */
    private int reference(SegmentWriter target, SegmentContext context, RecordView record) {
        SegmentContext own = last;
        if (own == null || !own.lane().equals(context.lane())) {
            own = byLane.get(context.lane());
        }
        if (own == null || !own.covers(record.sequence())) {
            int reference = target.context(context.lane(), partitionPath, record.sequence());
            own = remember(new SegmentContext(reference, context.lane(), partitionPath, record.sequence()));
        }
        last = own;
        return own.ref();
    }
}
