package io.firn.table;

import io.firn.error.NotFoundException;
import io.firn.record.RecordView;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records by time over all files, in slices: each slice is the next records that fit into the memory, taken from the
 * files whose time range reaches into it, one open at a time. So neither the number of files nor the disorder in them
 * needs memory.
 *
 * <p>Confined to one thread.
 */
final class TimeOrderScan implements TableScan {
    /** The first slices are small, so that the first records come soon. */
    private static final long FIRST_SLICE_BYTES = 256 << 10;

    private static final int SLICE_GROWTH = 4;

    private final Table table;
    private final PartitionPruning pruning;
    private final TimedFiles timedFiles;
    private final ScanOptions options;
    private final long maxSliceBytes;
    private long sliceBytes = FIRST_SLICE_BYTES;
    private ScanBatch batch;
    private @Nullable List<TimedFile> files;
    private Iterator<TimedRecord> slice = List.<TimedRecord>of().iterator();
    private boolean lastSlice;
    private @Nullable TimeKey passed;
    private @Nullable TimedRecord current;
    private boolean ended;

    TimeOrderScan(Table table, ScanOptions options) {
        this.table = table;
        this.options = options;
        this.pruning = PartitionPruning.of(table.scheme(), options.filter());
        this.timedFiles = new TimedFiles(table, options, pruning);
        // The other half is for the copy in order, and for the file that is being read.
        this.maxSliceBytes = options.memoryBytes() / 2;
        this.batch = ScanBatch.first(table, options);
    }

    @Override
    public boolean next() {
        while (!slice.hasNext()) {
            current = null;
            if (ended || lastSlice) {
                ended = true;
                return false;
            }
            fillOrPlanAgain();
        }
        current = slice.next();
        passed = current.key();
        return true;
    }

    private void fillOrPlanAgain() {
        for (int replans = 0; ; replans++) {
            try {
                fill();
                return;
            } catch (NotFoundException rewritten) {
                if (replans == MAX_REPLANS) {
                    throw rewritten;
                }
                batch = batch.replanned();
                files = null;
            }
        }
    }

    private void fill() {
        if (files == null) {
            files = timedFiles.of(batch);
        }
        TimeSlice next = new TimeSlice(passed, Math.min(sliceBytes, maxSliceBytes));
        SliceReader reader = new SliceReader(table, options, pruning, batch);
        for (TimedFile file : files) {
            if (next.endsBefore(file.timestamps().first())) {
                break;
            }
            if (next.overlaps(file.timestamps())) {
                reader.read(file.spec(), next);
            }
        }
        slice = next.inOrder(table.path()).iterator();
        lastSlice = !next.isCut();
        sliceBytes = Math.min(maxSliceBytes, sliceBytes * SLICE_GROWTH);
    }

    @Override
    public RecordView record() {
        return present().record();
    }

    @Override
    public String writer() {
        return present().key().writer();
    }

    @Override
    public String partitionPath() {
        return present().key().partitionPath();
    }

    @Override
    public boolean refresh() {
        if (!ended || batch.isCurrent()) {
            return false;
        }
        batch = batch.following();
        files = null;
        passed = null;
        lastSlice = false;
        ended = false;
        return true;
    }

    @Override
    public long position(String writer) {
        return batch.position(writer, ended);
    }

    @Override
    public void close() {
        slice = List.<TimedRecord>of().iterator();
        current = null;
        ended = true;
    }

    private TimedRecord present() {
        if (current == null) {
            throw new IllegalStateException("the reader stands on no record; call next() first");
        }
        return current;
    }
}
