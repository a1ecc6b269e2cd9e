package io.firn.flink.series;

import java.util.Map;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.RecordEmitter;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;

/**
 * Emits in the task's thread what {@link SeriesSplitReader} reads in another one.
 *
 * @param <T> type of the elements
 */
final class SeriesSourceReader<T>
        extends SingleThreadMultiplexSourceReaderBase<SampleRun, T, SeriesSplit, SeriesSourceReader.Progress> {
    SeriesSourceReader(SeriesSettings settings, SeriesMapper<T> mapper, SourceReaderContext context) {
        super(() -> new SeriesSplitReader(settings), new Emitter<>(mapper), context.getConfiguration(), context);
    }

    /** A split with how far it is emitted. */
    static final class Progress {
        private SeriesSplit split;

        Progress(SeriesSplit split) {
            this.split = split;
        }
    }

    private record Emitter<T>(SeriesMapper<T> mapper) implements RecordEmitter<SampleRun, T, Progress> {
        @Override
        public void emitRecord(SampleRun run, SourceOutput<T> output, Progress progress) {
            run.emit(mapper, output);
            progress.split = progress.split.behind(run.end());
        }
    }

    @Override
    public void start() {
        if (getNumberOfCurrentlyAssignedSplits() == 0) {
            context.sendSplitRequest();
        }
    }

    @Override
    protected void onSplitFinished(Map<String, Progress> finished) {
        if (getNumberOfCurrentlyAssignedSplits() == 0) {
            context.sendSplitRequest();
        }
    }

    @Override
    protected Progress initializedState(SeriesSplit split) {
        return new Progress(split);
    }

    @Override
    protected SeriesSplit toSplitType(String splitId, Progress progress) {
        return progress.split;
    }
}
