package io.firn.table;

import io.firn.record.RecordView;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One of very many overlapping files: holds copies of its next records, within a byte budget, and keeps the file
 * closed in between.
 *
 * <p>Confined to one thread.
 */
final class WindowSource implements RecordSource {
    private final LongFunction<RecordSource> openFrom;
    private final long budgetBytes;
    private final Deque<BufferedRecord> window = new ArrayDeque<>();
    private @Nullable BufferedRecord current;
    private @Nullable RecordFile file;
    private long nextSequence;
    private boolean exhausted;

    /**
     * Creates the source.
     *
     * @param openFrom opens the file at its first record with at least the given sequence
     * @param fromSequence first sequence to read
     * @param budgetBytes bytes of records to hold; at least one record is held
     */
    WindowSource(LongFunction<RecordSource> openFrom, long fromSequence, long budgetBytes) {
        this.openFrom = openFrom;
        this.nextSequence = fromSequence;
        this.budgetBytes = budgetBytes;
    }

    @Override
    public boolean next() {
        if (window.isEmpty() && !exhausted) {
            fill();
        }
        current = window.poll();
        return current != null;
    }

    @Override
    public RecordView record() {
        return present();
    }

    @Override
    public String partitionPath() {
        return present().partitionPath();
    }

    @Override
    public RecordFile file() {
        if (file == null) {
            throw new IllegalStateException("the source stands on no record");
        }
        return file;
    }

    @Override
    public void close() {
        window.clear();
        current = null;
        exhausted = true;
    }

    private void fill() {
        try (RecordSource source = openFrom.apply(nextSequence)) {
            file = source.file();
            long held = 0;
            while (held < budgetBytes) {
                if (!source.next()) {
                    exhausted = true;
                    return;
                }
                RecordView view = source.record();
                window.add(new BufferedRecord(view.sequence(), view.toRecord(), source.partitionPath()));
                nextSequence = view.sequence() + 1;
                held += BufferedRecord.sizeOf(view);
            }
        }
    }

    private BufferedRecord present() {
        if (current == null) {
            throw new IllegalStateException("the source stands on no record");
        }
        return current;
    }
}
