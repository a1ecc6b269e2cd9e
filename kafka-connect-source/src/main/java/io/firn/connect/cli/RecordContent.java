package io.firn.connect.cli;

import io.firn.record.RecordHeader;
import io.firn.record.RecordView;
import io.firn.schema.RecordPart;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** What a replay must keep of a record: key, value, headers in their order, and timestamp. Not thread-safe. */
final class RecordContent {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int SHOWN_BYTES = 40;

    private final long timestampMs;
    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final List<RecordHeader> headers;

    private RecordContent(
            long timestampMs, byte @Nullable [] key, byte @Nullable [] value, List<RecordHeader> headers) {
        this.timestampMs = timestampMs;
        this.key = key;
        this.value = value;
        this.headers = headers;
    }

    static RecordContent of(RecordView record) {
        long ms = record.inMillis() ? record.timestamp() : Math.floorDiv(record.timestamp(), NANOS_PER_MILLI);
        return new RecordContent(ms, bytes(record.key()), bytes(record.value()), record.headers());
    }

    static RecordContent of(ConsumerRecord<byte[], byte[]> record) {
        List<RecordHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new RecordHeader(header.key(), header.value()));
        }
        return new RecordContent(record.timestamp(), record.key(), record.value(), headers);
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    /** Adds all of it to a hash. */
    void addTo(RollingHash hash) {
        hash.add(timestampMs, key, headers, value);
    }

    /** The first thing in which a record differs from this one; empty when it is equal. */
    Optional<String> difference(RecordContent found, SchemaIdRule ids) {
        if (timestampMs != found.timestampMs) {
            return Optional.of("timestamp " + timestampMs + " became " + found.timestampMs);
        }
        Optional<String> inKey = difference(RecordPart.KEY, key, found.key, ids);
        if (inKey.isPresent()) {
            return inKey;
        }
        if (!headers.equals(found.headers)) {
            return Optional.of("headers " + headers + " became " + found.headers);
        }
        return difference(RecordPart.VALUE, value, found.value, ids);
    }

    private static Optional<String> difference(
            RecordPart part, byte @Nullable [] archived, byte @Nullable [] found, SchemaIdRule ids) {
        if (!ids.isSameData(part, archived, found)) {
            return Optional.of(part.text() + " " + text(archived) + " became " + text(found));
        }
        return ids.problem(part, archived, found).map(problem -> part.text() + " " + text(archived) + ": " + problem);
    }

    private static String text(byte @Nullable [] bytes) {
        if (bytes == null) {
            return "null";
        }
        String shown = new String(bytes, 0, Math.min(bytes.length, SHOWN_BYTES), StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}", ".");
        return "'" + shown + (bytes.length > SHOWN_BYTES ? "...'" : "'") + " (" + bytes.length + " bytes)";
    }
}
