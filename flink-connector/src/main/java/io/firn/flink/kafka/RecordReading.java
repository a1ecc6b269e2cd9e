package io.firn.flink.kafka;

import io.firn.flink.StreamRecordType;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.record.TimestampType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Makes records of what a consumer gives. Thread-safe; no state. */
record RecordReading(boolean withPosition) implements KafkaRecordDeserializationSchema<StreamRecord> {
    private static final long serialVersionUID = 1L;

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> consumed, Collector<StreamRecord> out) {
        boolean logAppend = consumed.timestampType() == org.apache.kafka.common.record.TimestampType.LOG_APPEND_TIME;
        out.collect(StreamRecord.atMillis(consumed.timestamp())
                .timestampType(logAppend ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME)
                .key(consumed.key())
                .headers(headers(consumed))
                .value(consumed.value())
                .build());
    }

    private List<RecordHeader> headers(ConsumerRecord<byte[], byte[]> consumed) {
        List<RecordHeader> headers = new ArrayList<>();
        for (Header header : consumed.headers()) {
            headers.add(new RecordHeader(header.key(), header.value()));
        }
        if (withPosition) {
            headers.add(text(KafkaRecords.TOPIC_HEADER, consumed.topic()));
            headers.add(text(KafkaRecords.PARTITION_HEADER, Integer.toString(consumed.partition())));
            headers.add(text(KafkaRecords.OFFSET_HEADER, Long.toString(consumed.offset())));
        }
        return headers;
    }

    private static RecordHeader text(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public TypeInformation<StreamRecord> getProducedType() {
        return StreamRecordType.INSTANCE;
    }
}
