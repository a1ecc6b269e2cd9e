package io.firn.table;

import io.firn.record.RecordView;
import io.firn.segment.Segment;
import io.firn.segment.SegmentContext;
import io.firn.segment.SegmentCursor;
import io.firn.segment.SegmentFooter;
import io.firn.segment.SparseIndex;
import org.jspecify.annotations.Nullable;

/**
 * Offers the records of one file after the other to a slice; with the sparse index of a sealed file only those parts
 * that reach into the slice are read.
 *
 * <p>Confined to one thread.
 */
final class SliceReader {
    /** After so much the slice may have become full, and the rest of the file uninteresting. */
    private static final long MAX_RUN_BYTES = 256 << 10;

    private final Table table;
    private final ScanOptions options;
    private final PartitionPruning pruning;
    private final ScanBatch batch;

    SliceReader(Table table, ScanOptions options, PartitionPruning pruning, ScanBatch batch) {
        this.table = table;
        this.options = options;
        this.pruning = pruning;
        this.batch = batch;
    }

    void read(SourceSpec spec, TimeSlice slice) {
        try (Segment segment = spec.open(table)) {
            table.recordAccess(spec.path(), options);
            SegmentFooter footer = segment.footer();
            long limit = spec.limitBytes() == SourceSpec.TO_THE_END ? segment.dataEnd() : spec.limitBytes();
            FilePass pass = new FilePass(segment, spec, slice);
            if (footer == null) {
                pass.read(0, limit);
            } else {
                readStrides(footer.index(), limit, pass);
            }
        }
    }

    private static void readStrides(SparseIndex index, long limit, FilePass pass) {
        int stride = 0;
        while (stride < index.size() && index.entry(stride).offset() < limit) {
            long from = index.entry(stride).offset();
            int end = stride;
            while (end < index.size()
                    && index.entry(end).offset() - from < MAX_RUN_BYTES
                    && pass.slice.overlaps(index.entry(end).timestamps())) {
                end++;
            }
            if (end > stride) {
                pass.read(
                        from,
                        end < index.size() ? Math.min(limit, index.entry(end).offset()) : limit);
            }
            stride = Math.max(end, stride + 1);
        }
    }

    /** What holds for all records of one file. */
    private final class FilePass {
        private final Segment segment;
        private final SourceSpec spec;
        private final TimeSlice slice;
        private @Nullable SegmentContext context;
        private @Nullable LaneWindow window;
        private long firstWanted;

        FilePass(Segment segment, SourceSpec spec, TimeSlice slice) {
            this.segment = segment;
            this.spec = spec;
            this.slice = slice;
        }

        @SuppressWarnings("ReferenceEquality") // a cursor shows the same object as long as the context is the same
        void read(long from, long limit) {
            try (SegmentCursor cursor = segment.cursor(from, limit)) {
                while (cursor.next()) {
                    if (cursor.context() != context) {
                        judge(cursor.context());
                    }
                    offer(cursor.record(), cursor.context().partitionPath());
                }
            }
        }

        private void offer(RecordView record, String partitionPath) {
            long timestampNs = record.timestampNs();
            if (window != null
                    && record.sequence() >= firstWanted
                    && record.sequence() < window.endSequence()
                    && slice.reaches(timestampNs)
                    && options.includes(timestampNs)) {
                slice.offer(record, partitionPath, window.writer());
            }
        }

        private void judge(SegmentContext found) {
            context = found;
            window = pruning.includes(found.partitionPath())
                    ? batch.window(found.lane()).orElse(null)
                    : null;
            firstWanted = Math.max(window == null ? 0 : window.fromSequence(), spec.firstLeft(found.ref()));
        }
    }
}
