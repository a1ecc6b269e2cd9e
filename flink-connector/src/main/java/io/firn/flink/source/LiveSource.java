package io.firn.flink.source;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Live Kafka behind an archive: a {@link KafkaSource} whose checkpoints remember where it had to begin. Without that a
 * job that is restored before all partitions were given out would not know.
 *
 * @param <T> type of the elements
 */
final class LiveSource<T> implements Source<T, KafkaPartitionSplit, LiveState> {
    private static final long serialVersionUID = 1L;
    /** For an instance that is about to be restored, and for readers: neither uses it. */
    static final HandOver UNKNOWN = new HandOver(Map.of(), "", Map.of());

    private final Properties kafka;
    private final KafkaRecordDeserializationSchema<T> deserializer;
    private final HandOver handOver;

    LiveSource(Properties kafka, KafkaRecordDeserializationSchema<T> deserializer, HandOver handOver) {
        this.kafka = kafka;
        this.deserializer = deserializer;
        this.handOver = handOver;
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, LiveState> createEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context) {
        return new LiveEnumerator(kafka(handOver).createEnumerator(context), handOver);
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, LiveState> restoreEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context, LiveState state) throws Exception {
        return new LiveEnumerator(kafka(state.handOver()).restoreEnumerator(context, state.kafka()), state.handOver());
    }

    @Override
    public SourceReader<T, KafkaPartitionSplit> createReader(SourceReaderContext context) throws Exception {
        return kafka(handOver).createReader(context);
    }

    @Override
    public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
        return kafka(handOver).getSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<LiveState> getEnumeratorCheckpointSerializer() {
        return new LiveStateSerializer(kafka(handOver).getEnumeratorCheckpointSerializer());
    }

    private KafkaSource<T> kafka(HandOver start) {
        List<String> topics = start.topics().isEmpty()
                ? List.of("unknown")
                : start.topics().keySet().stream().sorted().toList();
        return KafkaSource.<T>builder()
                .setProperties(kafka)
                .setTopics(topics)
                .setStartingOffsets(new ArchivedOffsets(start, kafka))
                .setDeserializer(deserializer)
                .build();
    }
}
