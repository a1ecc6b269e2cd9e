package io.firn.cli;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.firn.record.RecordHeader;
import io.firn.record.RecordView;
import io.firn.record.TimestampType;
import io.firn.table.TableReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object with everything that a record holds; bytes that are no UTF-8 text are written in Base64, under a name
 * that says so. Confined to one thread.
 */
final class JsonPrinter implements RecordPrinter {
    private final JsonGenerator json;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private CharBuffer chars = CharBuffer.allocate(1024);

    JsonPrinter(Output out) throws IOException {
        this.json = JsonFactory.builder()
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
                .build()
                .createGenerator(out, JsonEncoding.UTF8);
        json.setRootValueSeparator(null);
    }

    @Override
    public void print(TableReader reader) throws IOException {
        RecordView record = reader.record();
        json.writeStartObject();
        json.writeStringField("writer", reader.writer());
        json.writeNumberField("sequence", record.sequence());
        json.writeStringField("partition", reader.partitionPath());
        json.writeNumberField(record.inMillis() ? "timestampMs" : "timestampNs", record.timestamp());
        if (record.timestampType() == TimestampType.LOG_APPEND_TIME) {
            json.writeBooleanField("logAppendTime", true);
        }
        if (record.typeId() != 0) {
            json.writeNumberField("type", record.typeId());
        }
        if (record.keyLength() >= 0) {
            writeBytes("key", record.key());
        }
        if (record.headerCount() > 0) {
            writeHeaders(record);
        }
        writeBytes("value", record.value());
        json.writeEndObject();
        json.writeRaw('\n');
    }

    @Override
    public void flush() throws IOException {
        json.flush();
    }

    private void writeHeaders(RecordView record) throws IOException {
        json.writeArrayFieldStart("headers");
        for (RecordHeader header : record.headers()) {
            byte[] value = header.value();
            json.writeStartObject();
            json.writeStringField("name", header.name());
            writeBytes("value", value == null ? null : ByteBuffer.wrap(value));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void writeBytes(String name, @Nullable ByteBuffer bytes) throws IOException {
        if (bytes == null) {
            json.writeNullField(name);
        } else if (decode(bytes)) {
            json.writeFieldName(name);
            json.writeString(chars.array(), 0, chars.position());
        } else {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            json.writeBinaryField(name + "Base64", copy);
        }
    }

    /** Whether the bytes are text, which is in {@link #chars} then; the buffer's position does not change. */
    private boolean decode(ByteBuffer bytes) {
        if (chars.capacity() < bytes.remaining()) {
            chars = CharBuffer.allocate(bytes.remaining() * 2);
        }
        chars.clear();
        ByteBuffer source = bytes.duplicate();
        decoder.reset();
        return !decoder.decode(source, chars, true).isError()
                && !decoder.flush(chars).isError();
    }
}
