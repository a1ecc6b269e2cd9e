package io.firn.flink.kafka;

import io.firn.flink.StreamRecordType;
import io.firn.record.StreamRecord;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;

/**
 * Reads Kafka records as they are, to be archived, and sends archived records as they were: key, headers in their order
 * with repeated names, value, timestamp; null and empty differ.
 *
 * <pre>{@code
 * KafkaSource.<StreamRecord>builder().setDeserializer(KafkaRecords.withPosition())
 * FirnSink.<StreamRecord>builder().serializer((record, timestampMs) -> record)
 * FirnSource.<StreamRecord>builder().deserializer(FirnRecordDeserializer.wholeRecords())
 * KafkaSink.<StreamRecord>builder().setRecordSerializer(KafkaRecords.into("orders"))
 * }</pre>
 *
 * <p>The streams between them have the type {@link StreamRecordType}. Thread-safe; no state.
 */
public final class KafkaRecords {
    /** Header with the topic that a record came from, as text. */
    public static final String TOPIC_HEADER = "firn.kafka.topic";

    /** Header with the partition that a record came from, as decimal text. */
    public static final String PARTITION_HEADER = "firn.kafka.partition";

    /** Header with the offset that a record had, as decimal text. */
    public static final String OFFSET_HEADER = "firn.kafka.offset";

    private KafkaRecords() {}

    /** Reads records as they are; where they stood is not kept. */
    public static KafkaRecordDeserializationSchema<StreamRecord> asTheyAre() {
        return new RecordReading(false);
    }

    /**
     * Reads records as they are, and behind their own headers adds {@link #TOPIC_HEADER}, {@link #PARTITION_HEADER} and
     * {@link #OFFSET_HEADER}.
     */
    public static KafkaRecordDeserializationSchema<StreamRecord> withPosition() {
        return new RecordReading(true);
    }

    /**
     * Sends records to a topic as they are. One with a {@link #PARTITION_HEADER} goes to the partition that it came
     * from, and the three headers that {@link #withPosition} has added are left out; any other goes where Kafka's
     * partitioner sends it. A record without a timestamp (-1) gets the producer's time; nanoseconds are cut to
     * milliseconds.
     */
    public static KafkaRecordSerializationSchema<StreamRecord> into(String topic) {
        return new RecordSending(topic);
    }
}
