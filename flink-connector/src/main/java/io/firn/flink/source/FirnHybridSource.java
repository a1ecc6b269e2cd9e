package io.firn.flink.source;

import io.firn.flink.source.HybridEnumerator.LiveParts;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Reads an archive to where it ends when the job starts, and goes on in live Kafka. Every record comes once, also over
 * failures at any moment. Made by {@link FirnHybrid}. Immutable.
 *
 * @param <T> type of the elements
 */
public final class FirnHybridSource<T> implements Source<T, FirnHybridSplit, FirnHybridState>, ResultTypeQueryable<T> {
    private static final long serialVersionUID = 1L;

    private final FirnSource<T> archive;
    private final Properties kafka;
    private final KafkaRecordDeserializationSchema<T> deserializer;

    FirnHybridSource(FirnSource<T> archive, Properties kafka, KafkaRecordDeserializationSchema<T> deserializer) {
        this.archive = archive;
        this.kafka = kafka;
        this.deserializer = deserializer;
    }

    /**
     * Where Kafka goes on behind what was read.
     *
     * @param ends by writer, where reading the archive ended
     */
    HandOver handOver(Map<String, Long> ends) {
        SourceSettings settings = archive.settings();
        try (SplitPlanner planner = new SplitPlanner(settings, Optional.empty())) {
            return HandOver.of(settings.location().table(), planner.lanes(), ends);
        }
    }

    private LiveSource<T> live(HandOver from) {
        return new LiveSource<>(kafka, deserializer, from);
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SplitEnumerator<FirnHybridSplit, FirnHybridState> createEnumerator(
            SplitEnumeratorContext<FirnHybridSplit> context) {
        return enumerator(context, FirnEnumeratorState.NEW);
    }

    @Override
    public SplitEnumerator<FirnHybridSplit, FirnHybridState> restoreEnumerator(
            SplitEnumeratorContext<FirnHybridSplit> context, FirnHybridState state) throws Exception {
        HybridEnumerator enumerator = enumerator(context, state.archive());
        return state.live().isPresent() ? enumerator.restore(state.live().get()) : enumerator;
    }

    private HybridEnumerator enumerator(SplitEnumeratorContext<FirnHybridSplit> context, FirnEnumeratorState archived) {
        return new HybridEnumerator(context, archive.settings(), new LiveParts<>(this::live, this::handOver), archived);
    }

    @Override
    public SourceReader<T, FirnHybridSplit> createReader(SourceReaderContext context) throws Exception {
        return new HybridReader<>(
                context, archive.createReader(context), live(LiveSource.UNKNOWN).createReader(context));
    }

    @Override
    public SimpleVersionedSerializer<FirnHybridSplit> getSplitSerializer() {
        return new FirnHybridSplitSerializer(
                archive.getSplitSerializer(), live(LiveSource.UNKNOWN).getSplitSerializer());
    }

    @Override
    public SimpleVersionedSerializer<FirnHybridState> getEnumeratorCheckpointSerializer() {
        return new FirnHybridStateSerializer(
                archive.getEnumeratorCheckpointSerializer(),
                live(LiveSource.UNKNOWN).getEnumeratorCheckpointSerializer());
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return archive.getProducedType();
    }
}
