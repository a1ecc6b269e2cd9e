package io.firn.flink.source;

import io.firn.error.ConfigException;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.DynamicParallelismInference;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Reads a Firn table as a stream: to what is committed when the job starts, or on and on. Every committed record that
 * is wanted comes once, also over failures, and whatever is settled, compressed or compacted meanwhile.
 *
 * <p>Elements have the timestamps of their records as event time. See {@code docs/flink.md}. Immutable.
 *
 * @param <T> type of the elements
 */
public final class FirnSource<T>
        implements Source<T, FirnSplit, FirnEnumeratorState>, ResultTypeQueryable<T>, DynamicParallelismInference {
    private static final long serialVersionUID = 1L;

    private final SourceSettings settings;
    private final FirnRecordDeserializer<T> deserializer;

    FirnSource(SourceSettings settings, FirnRecordDeserializer<T> deserializer) {
        this.settings = settings;
        this.deserializer = deserializer;
    }

    /** Starts a source; path, table and deserializer are required. */
    public static <T> FirnSourceBuilder<T> builder() {
        return new FirnSourceBuilder<>();
    }

    @Override
    public Boundedness getBoundedness() {
        return settings.mode() == SplitMode.FOLLOW ? Boundedness.CONTINUOUS_UNBOUNDED : Boundedness.BOUNDED;
    }

    @Override
    public SplitEnumerator<FirnSplit, FirnEnumeratorState> createEnumerator(SplitEnumeratorContext<FirnSplit> context) {
        return restoreEnumerator(context, FirnEnumeratorState.NEW);
    }

    @Override
    public SplitEnumerator<FirnSplit, FirnEnumeratorState> restoreEnumerator(
            SplitEnumeratorContext<FirnSplit> context, FirnEnumeratorState state) {
        if (settings.mode() != SplitMode.FOLLOW && state.unbounded()) {
            throw new ConfigException("The checkpoint is one of an unbounded job, which has given out table '"
                    + settings.location().table() + "' without an end, so a bounded one cannot go on from it; make the"
                    + " source unbounded(), or start the job without the checkpoint");
        }
        return settings.mode() == SplitMode.RANGES
                ? new RangeEnumerator(context, settings, state)
                : new LaneEnumerator(context, settings, state);
    }

    @Override
    public SourceReader<T, FirnSplit> createReader(SourceReaderContext context) throws Exception {
        deserializer.open(new ReaderInitialization(context));
        SourceMetrics metrics = new SourceMetrics(context.metricGroup(), settings.beforeKafka());
        RateGate gate = new RateGate(settings.recordsPerSecond() / context.currentParallelism(), System::nanoTime);
        return new FirnSourceReader<>(
                () -> new FirnSplitReader<>(settings, deserializer, gate, metrics),
                context,
                settings.mode() == SplitMode.RANGES);
    }

    @Override
    public SimpleVersionedSerializer<FirnSplit> getSplitSerializer() {
        return new FirnSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<FirnEnumeratorState> getEnumeratorCheckpointSerializer() {
        return new FirnEnumeratorStateSerializer();
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return deserializer.getProducedType();
    }

    /** As many readers as there are splits, in batch jobs whose parallelism nobody set. */
    @Override
    public int inferParallelism(Context context) {
        try (SplitPlanner planner = new SplitPlanner(settings, Optional.empty())) {
            int splits = planner.plan().ranges().size();
            return Math.max(1, Math.min(splits, context.getParallelismInferenceUpperBound()));
        }
    }

    SourceSettings settings() {
        return settings;
    }
}
