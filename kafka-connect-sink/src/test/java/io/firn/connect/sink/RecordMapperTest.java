package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordMapperTest {
    private static SinkRecord record(@Nullable Object key, @Nullable Object value, @Nullable Long timestamp) {
        return new SinkRecord("t", 2, null, key, null, value, 42, timestamp, TimestampType.CREATE_TIME);
    }

    @Test
    void nullAndEmptyStayDifferent() {
        StreamRecord nulls = RecordMapper.map(record(null, null, 5L));
        StreamRecord empty = RecordMapper.map(record(new byte[0], new byte[0], 5L));

        assertThat(nulls.key()).isNull();
        assertThat(nulls.value()).isNull();
        assertThat(empty.key()).isEmpty();
        assertThat(empty.value()).isEmpty();
    }

    @Test
    void timestampsStayAsKafkaHasThem() {
        assertThat(RecordMapper.map(record(null, null, 5L)).timestamp()).isEqualTo(5);
        assertThat(RecordMapper.map(record(null, null, 5L)).inMillis()).isTrue();
        assertThat(RecordMapper.map(record(null, null, null)).timestamp()).isEqualTo(-1);
        SinkRecord appended = new SinkRecord("t", 2, null, null, null, null, 42, 7L, TimestampType.LOG_APPEND_TIME);
        assertThat(RecordMapper.map(appended).timestampType()).isEqualTo(io.firn.record.TimestampType.LOG_APPEND_TIME);
    }

    @Test
    void headersKeepTheirOrderAndRepetitions() {
        SinkRecord record = record(null, null, 5L);
        ConnectHeaders headers = new ConnectHeaders();
        headers.add("b", new byte[] {1}, Schema.OPTIONAL_BYTES_SCHEMA);
        headers.add("a", null, Schema.OPTIONAL_BYTES_SCHEMA);
        headers.add("b", new byte[0], Schema.OPTIONAL_BYTES_SCHEMA);

        StreamRecord mapped = RecordMapper.map(
                record.newRecord("t", 2, null, record.key(), null, record.value(), record.timestamp(), headers));

        assertThat(mapped.headers())
                .containsExactly(
                        new RecordHeader("b", new byte[] {1}),
                        new RecordHeader("a", null),
                        new RecordHeader("b", new byte[0]));
    }

    @Test
    void buffersCountAsBytes() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {9, 1, 2}).position(1);

        assertThat(RecordMapper.map(record(null, buffer, 5L)).value()).containsExactly(1, 2);
        assertThat(buffer.remaining()).isEqualTo(2);
    }

    @Test
    void anythingElseIsRefusedWithTheLinesToAdd() {
        assertThatThrownBy(() -> RecordMapper.map(record("text", null, 5L)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("The key of t-2@42 is a java.lang.String")
                .hasMessageContaining("\nkey.converter=org.apache.kafka.connect.converters.ByteArrayConverter")
                .hasMessageContaining("\nvalue.converter=")
                .hasMessageContaining("\nheader.converter=");
    }
}
