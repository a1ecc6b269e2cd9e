package io.firn.flink.kafka;

import io.firn.error.ConfigException;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Makes what a producer sends of records. Thread-safe; no state. */
record RecordSending(String topic) implements KafkaRecordSerializationSchema<StreamRecord> {
    private static final long serialVersionUID = 1L;
    private static final long NANOS_PER_MILLI = Duration.ofMillis(1).toNanos();
    private static final Set<String> POSITION =
            Set.of(KafkaRecords.TOPIC_HEADER, KafkaRecords.PARTITION_HEADER, KafkaRecords.OFFSET_HEADER);
    private static final int POSITION_HEADERS = 3;

    RecordSending {
        if (topic.isBlank()) {
            throw new ConfigException("The topic to send records to has no name");
        }
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            StreamRecord record, KafkaSinkContext context, @Nullable Long elementTimestampMs) {
        List<RecordHeader> headers = record.headers();
        boolean positioned = hasPosition(headers);
        int own = headers.size() - (positioned ? POSITION_HEADERS : 0);
        RecordHeaders sent = new RecordHeaders();
        for (RecordHeader header : headers.subList(0, own)) {
            sent.add(header.name(), header.value());
        }
        Integer partition = positioned ? partition(headers.subList(own, headers.size())) : null;
        return new ProducerRecord<>(topic, partition, timestampMs(record), record.key(), record.value(), sent);
    }

    /** Only at the end: headers of the same names that a record brought along itself are its own. */
    private static boolean hasPosition(List<RecordHeader> headers) {
        int own = headers.size() - POSITION_HEADERS;
        return own >= 0
                && headers.subList(own, headers.size()).stream()
                        .map(RecordHeader::name)
                        .allMatch(POSITION::contains);
    }

    private static @Nullable Integer partition(List<RecordHeader> position) {
        for (RecordHeader header : position) {
            byte[] value = header.value();
            if (value != null && header.name().equals(KafkaRecords.PARTITION_HEADER)) {
                return Integer.valueOf(new String(value, StandardCharsets.UTF_8));
            }
        }
        return null;
    }

    private static @Nullable Long timestampMs(StreamRecord record) {
        long millis = record.inMillis() ? record.timestamp() : Math.floorDiv(record.timestamp(), NANOS_PER_MILLI);
        return millis < 0 ? null : (Long) millis;
    }
}
