package io.firn.connect.sink;

import io.firn.connect.avro.StructuredDecoder;
import java.util.Map;
import org.apache.kafka.connect.converters.ByteArrayConverter;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.storage.StringConverter;
import org.jspecify.annotations.Nullable;

/**
 * The converters with which a structured table was archived: what they write again must be what the topic has.
 *
 * @param key of keys
 * @param header of the values of headers
 * @param value of values
 */
record PartConverters(Converter key, HeaderConverter header, Converter value) {
    private static final String ANY_TOPIC = "t";

    /** Bytes as they are. */
    static PartConverters bytes() {
        ByteArrayConverter bytes = new ByteArrayConverter();
        return new PartConverters(bytes, bytes, bytes);
    }

    /** Texts, and values in JSON with their schemas. */
    static PartConverters textAndJson() {
        StringConverter text = new StringConverter();
        JsonConverter json = new JsonConverter();
        json.configure(Map.of(), false);
        return new PartConverters(text, text, json);
    }

    byte @Nullable [] keyOf(StructuredDecoder decoder, byte @Nullable [] archived) {
        return write(key, decoder.decode(archived));
    }

    byte @Nullable [] valueOf(StructuredDecoder decoder, byte @Nullable [] archived) {
        return write(value, decoder.decode(archived));
    }

    byte @Nullable [] headerOf(StructuredDecoder decoder, byte @Nullable [] archived) {
        SchemaAndValue decoded = decoder.decode(archived);
        return header.fromConnectHeader(ANY_TOPIC, "h", decoded.schema(), decoded.value());
    }

    private static byte @Nullable [] write(Converter converter, SchemaAndValue decoded) {
        return converter.fromConnectData(ANY_TOPIC, decoded.schema(), decoded.value());
    }
}
