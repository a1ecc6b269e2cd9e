package io.firn.connect.cli;

import io.firn.connect.avro.StructuredValues;
import io.firn.record.RecordHeader;
import io.firn.record.RecordView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** What a replay must keep of a record: key, value, headers in their order, and timestamp. Not thread-safe. */
final class RecordContent {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final long timestampMs;
    private final boolean structured;
    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final List<RecordHeader> headers;

    private RecordContent(
            long timestampMs,
            boolean structured,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<RecordHeader> headers) {
        this.timestampMs = timestampMs;
        this.structured = structured;
        this.key = key;
        this.value = value;
        this.headers = headers;
    }

    static RecordContent of(RecordView record) {
        long ms = record.inMillis() ? record.timestamp() : Math.floorDiv(record.timestamp(), NANOS_PER_MILLI);
        boolean structured = record.typeId() == StructuredValues.TYPE_ID;
        return new RecordContent(ms, structured, bytes(record.key()), bytes(record.value()), record.headers());
    }

    static RecordContent of(ConsumerRecord<byte[], byte[]> record) {
        return new RecordContent(record.timestamp(), false, record.key(), record.value(), list(record.headers()));
    }

    /** The same time with what converters made of the rest. */
    RecordContent written(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        return new RecordContent(timestampMs, false, key, value, list(headers));
    }

    private static List<RecordHeader> list(Headers headers) {
        List<RecordHeader> list = new ArrayList<>();
        for (Header header : headers) {
            list.add(new RecordHeader(header.key(), header.value()));
        }
        return list;
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    /** Whether key, value and values of headers are archived with schemas, rather than bytes of a topic. */
    boolean isStructured() {
        return structured;
    }

    byte @Nullable [] key() {
        return key;
    }

    byte @Nullable [] value() {
        return value;
    }

    List<RecordHeader> headers() {
        return headers;
    }

    /** The headers as Kafka's clients have them. */
    Headers kafkaHeaders() {
        Headers copy = new RecordHeaders();
        headers.forEach(header -> copy.add(header.name(), header.value()));
        return copy;
    }

    List<String> headerNames() {
        return headers.stream().map(RecordHeader::name).toList();
    }

    /** Adds all of it to a hash. */
    void addTo(RollingHash hash) {
        hash.add(timestampMs, key, headers, value);
    }

    /** What a record with another time says; empty when it has the same. */
    Optional<String> differenceInTime(RecordContent found) {
        return timestampMs == found.timestampMs
                ? Optional.empty()
                : Optional.of("timestamp " + timestampMs + " became " + found.timestampMs);
    }
}
