package io.firn.connect.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.jspecify.annotations.Nullable;

/**
 * Values of Connect as texts: times as ISO 8601 in UTC, numbers in decimal, bytes as the UTF-8 that they are. Lists,
 * maps and structs have none. Thread-safe; no state.
 */
final class ConnectText {
    private ConnectText() {}

    /** The text in UTF-8; bytes as they are; null for what has no text. */
    static byte @Nullable [] bytes(@Nullable Schema schema, @Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] copy = new byte[buffer.remaining()];
            buffer.get(buffer.position(), copy);
            return copy;
        }
        String text = text(schema, value);
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable String text(@Nullable Schema schema, @Nullable Object value) {
        if (value instanceof java.util.Date time) {
            return time(schema, time);
        } else if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        boolean scalar = value instanceof String || value instanceof Number || value instanceof Boolean;
        return scalar ? String.valueOf(value) : null;
    }

    @SuppressWarnings("JavaUtilDate") // Connect's own class
    private static String time(@Nullable Schema schema, java.util.Date time) {
        Instant instant = Instant.ofEpochMilli(time.getTime());
        String name = schema == null ? "" : String.valueOf(schema.name());
        return switch (name) {
            case Date.LOGICAL_NAME ->
                instant.atOffset(ZoneOffset.UTC).toLocalDate().toString();
            case Time.LOGICAL_NAME ->
                LocalTime.ofInstant(instant, ZoneOffset.UTC).toString();
            default -> instant.toString();
        };
    }

    /** Writes a value as JSON; what has no text as an array, which is no value of a partition. */
    static void write(@Nullable Schema schema, Object value, JsonGenerator json) throws IOException {
        if (value instanceof BigDecimal decimal) {
            json.writeNumber(decimal.toPlainString());
        } else if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            json.writeNumber(number.toString());
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else {
            byte[] bytes = bytes(schema, value);
            String text = bytes == null ? null : utf8(bytes);
            if (text == null) {
                json.writeStartArray();
                json.writeEndArray();
            } else {
                json.writeString(text);
            }
        }
    }

    private static @Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }
}
