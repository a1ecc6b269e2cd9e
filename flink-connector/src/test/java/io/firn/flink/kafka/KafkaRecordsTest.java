package io.firn.flink.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KafkaRecordsTest {
    private static final byte[] KEY = bytes("key");
    private static final byte[] VALUE = bytes("value");

    @Test
    void aRecordIsReadWithItsHeadersInOrder() throws IOException {
        StreamRecord read = read(KafkaRecords.asTheyAre(), consumed(KEY, VALUE, headers()));
        assertThat(read)
                .isEqualTo(StreamRecord.atMillis(5)
                        .timestampType(io.firn.record.TimestampType.LOG_APPEND_TIME)
                        .key(KEY)
                        .headers(List.of(header("twice", "a"), header("other", null), header("twice", "")))
                        .value(VALUE)
                        .build());
    }

    @Test
    void nullAndEmptyDiffer() throws IOException {
        StreamRecord nulls = read(KafkaRecords.asTheyAre(), consumed(null, null, new RecordHeaders()));
        assertThat(nulls.key()).isNull();
        assertThat(nulls.value()).isNull();
        StreamRecord empty = read(KafkaRecords.asTheyAre(), consumed(new byte[0], new byte[0], new RecordHeaders()));
        assertThat(empty.key()).isEmpty();
        assertThat(empty.value()).isEmpty();
    }

    @Test
    void thePositionStandsBehindTheRecordsOwnHeaders() throws IOException {
        StreamRecord read = read(KafkaRecords.withPosition(), consumed(KEY, VALUE, headers()));
        assertThat(read.headers())
                .containsExactly(
                        header("twice", "a"),
                        header("other", null),
                        header("twice", ""),
                        header("firn.kafka.topic", "orders"),
                        header("firn.kafka.partition", "3"),
                        header("firn.kafka.offset", "42"));
    }

    @Test
    void aRecordWithAPositionGoesToItsPartitionAsItWas() throws IOException {
        ConsumerRecord<byte[], byte[]> consumed = consumed(KEY, VALUE, headers());
        ProducerRecord<byte[], byte[]> sent = send(read(KafkaRecords.withPosition(), consumed));
        assertThat(sent.topic()).isEqualTo("restored");
        assertThat(sent.partition()).isEqualTo(3);
        assertThat(sent.timestamp()).isEqualTo(5);
        assertThat(sent.key()).isEqualTo(KEY);
        assertThat(sent.value()).isEqualTo(VALUE);
        assertThat(sent.headers()).isEqualTo(headers());
    }

    @Test
    void aRecordWithoutAPositionGoesWhereKafkaSendsIt() throws IOException {
        ProducerRecord<byte[], byte[]> sent = send(read(KafkaRecords.asTheyAre(), consumed(null, null, headers())));
        assertThat(sent.partition()).isNull();
        assertThat(sent.key()).isNull();
        assertThat(sent.value()).isNull();
        assertThat(sent.headers()).isEqualTo(headers());
    }

    @Test
    void headersOfThePositionsNamesInFrontAreTheRecordsOwn() throws IOException {
        Headers own = new RecordHeaders().add(KafkaRecords.PARTITION_HEADER, bytes("1"));
        ProducerRecord<byte[], byte[]> sent = send(read(KafkaRecords.withPosition(), consumed(KEY, VALUE, own)));
        assertThat(sent.partition()).isEqualTo(3);
        assertThat(sent.headers()).isEqualTo(own);
    }

    @Test
    void timestampsAreMillisecondsOrTheProducersOwn() {
        assertThat(send(StreamRecord.atNanos(7_999_999).build()).timestamp()).isEqualTo(7);
        assertThat(send(StreamRecord.atMillis(0).build()).timestamp()).isZero();
        assertThat(send(StreamRecord.atMillis(-1).build()).timestamp()).isNull();
    }

    @Test
    void aTopicWithoutANameIsRefused() {
        assertThatThrownBy(() -> KafkaRecords.into(" "))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("topic");
    }

    private static StreamRecord read(
            KafkaRecordDeserializationSchema<StreamRecord> schema, ConsumerRecord<byte[], byte[]> consumed)
            throws IOException {
        List<StreamRecord> out = new ArrayList<>();
        schema.deserialize(consumed, new ListCollector<>(out));
        assertThat(out).hasSize(1);
        return out.get(0);
    }

    private static ProducerRecord<byte[], byte[]> send(StreamRecord record) {
        KafkaRecordSerializationSchema<StreamRecord> schema = KafkaRecords.into("restored");
        return Objects.requireNonNull(schema.serialize(record, null, null));
    }

    private static ConsumerRecord<byte[], byte[]> consumed(
            byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        return new ConsumerRecord<>(
                "orders", 3, 42, 5, TimestampType.LOG_APPEND_TIME, 0, 0, key, value, headers, Optional.empty());
    }

    private static Headers headers() {
        return new RecordHeaders().add("twice", bytes("a")).add("other", null).add("twice", new byte[0]);
    }

    private static RecordHeader header(String name, @Nullable String value) {
        return new RecordHeader(name, value == null ? null : bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
