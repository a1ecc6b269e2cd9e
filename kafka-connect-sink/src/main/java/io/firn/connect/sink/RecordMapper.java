package io.firn.connect.sink;

import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.record.TimestampType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Turns a Connect record into the engine's record without looking into its bytes.
 *
 * <p>Thread-safe.
 */
final class RecordMapper {
    private static final long NO_TIMESTAMP = -1;
    private static final String CONVERTER = "org.apache.kafka.connect.converters.ByteArrayConverter";
    private static final String THREE_LINES =
            "\nkey.converter=" + CONVERTER + "\nvalue.converter=" + CONVERTER + "\nheader.converter=" + CONVERTER;

    private RecordMapper() {}

    /**
     * Maps a record; arrays are shared.
     *
     * @throws ConnectException when a converter made something else of the bytes
     */
    static StreamRecord map(SinkRecord record) {
        return withTimestamp(record)
                .key(bytes("key", record.key(), record))
                .headers(headers(record))
                .value(bytes("value", record.value(), record))
                .build();
    }

    /** A record with the timestamp of another one and nothing else. */
    static StreamRecord.Builder withTimestamp(SinkRecord record) {
        Long timestamp = record.timestamp();
        return StreamRecord.atMillis(timestamp == null ? NO_TIMESTAMP : timestamp)
                .timestampType(timestampType(record));
    }

    private static TimestampType timestampType(SinkRecord record) {
        return record.timestampType() == org.apache.kafka.common.record.TimestampType.LOG_APPEND_TIME
                ? TimestampType.LOG_APPEND_TIME
                : TimestampType.CREATE_TIME;
    }

    private static List<RecordHeader> headers(SinkRecord record) {
        Headers headers = record.headers();
        if (headers == null || headers.isEmpty()) {
            return List.of();
        }
        List<RecordHeader> mapped = new ArrayList<>(headers.size());
        for (Header header : headers) {
            mapped.add(new RecordHeader(header.key(), bytes("header '" + header.key() + "'", header.value(), record)));
        }
        return mapped;
    }

    private static byte @Nullable [] bytes(String part, @Nullable Object content, SinkRecord record) {
        if (content == null) {
            return null;
        }
        if (content instanceof byte[] bytes) {
            return bytes;
        }
        if (content instanceof ByteBuffer buffer) {
            byte[] copy = new byte[buffer.remaining()];
            buffer.get(buffer.position(), copy);
            return copy;
        }
        throw new ConnectException("The " + part + " of " + describe(record) + " is a "
                + content.getClass().getName() + ", but the sink reads bytes. Add to the"
                + " connector's configuration:" + THREE_LINES);
    }

    /** Topic, partition and offset for messages. */
    static String describe(SinkRecord record) {
        return record.originalTopic() + "-" + record.originalKafkaPartition() + "@" + record.originalKafkaOffset();
    }
}
