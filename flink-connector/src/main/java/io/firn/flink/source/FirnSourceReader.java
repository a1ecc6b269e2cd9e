package io.firn.flink.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.RecordEmitter;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;

/**
 * Emits in the task's thread what {@link FirnSplitReader} reads in another one.
 *
 * @param <T> type of the elements
 */
final class FirnSourceReader<T>
        extends SingleThreadMultiplexSourceReaderBase<RecordBatch<T>, T, FirnSplit, SplitProgress> {
    private final boolean asksForSplits;
    private final List<String> readBeforeStart = new ArrayList<>();
    private boolean started;

    FirnSourceReader(
            Supplier<SplitReader<RecordBatch<T>, FirnSplit>> splitReader,
            SourceReaderContext context,
            boolean asksForSplits) {
        super(splitReader, new Emitter<>(context), context.getConfiguration(), context);
        this.asksForSplits = asksForSplits;
    }

    @Override
    public void start() {
        started = true;
        readBeforeStart.forEach(writer -> reportHistory(context, writer));
        readBeforeStart.clear();
        if (asksForSplits && getNumberOfCurrentlyAssignedSplits() == 0) {
            context.sendSplitRequest();
        }
    }

    @Override
    protected void onSplitFinished(Map<String, SplitProgress> finished) {
        // A writer may have ended before what was its end when the job started: a rollback took the rest back.
        finished.values().stream()
                .filter(SplitProgress::isInHistory)
                .forEach(progress -> reportHistory(context, progress.writer()));
        if (asksForSplits && getNumberOfCurrentlyAssignedSplits() == 0) {
            context.sendSplitRequest();
        }
    }

    @Override
    protected SplitProgress initializedState(FirnSplit split) {
        if (split.historyEnd() > 0 && split.isPastHistory()) {
            // It was reported before a failure, perhaps later than the enumerator's checkpoint.
            if (started) {
                reportHistory(context, split.writer());
            } else {
                readBeforeStart.add(split.writer());
            }
        }
        return new SplitProgress(split);
    }

    @Override
    protected FirnSplit toSplitType(String splitId, SplitProgress progress) {
        return progress.toSplit();
    }

    private static void reportHistory(SourceReaderContext context, String writer) {
        context.sendSourceEventToCoordinator(new HistoryRead(writer));
    }

    private record Emitter<T>(SourceReaderContext context) implements RecordEmitter<RecordBatch<T>, T, SplitProgress> {
        @Override
        public void emitRecord(RecordBatch<T> batch, SourceOutput<T> output, SplitProgress progress) {
            batch.emit(output);
            if (progress.advanceTo(batch.nextSequence())) {
                reportHistory(context, progress.writer());
            }
        }
    }
}
