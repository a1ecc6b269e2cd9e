package io.firn.topic;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;

/**
 * Content of {@code _table/topics/<topic>.groups}: what {@code firn offsets save} writes, a list in JSON that people
 * may read.
 *
 * <p>Layout: {@code docs/format/table.md}, section "Topics". Thread-safe: no state.
 */
final class GroupOffsetCodec {
    private static final TypeReference<List<GroupOffset>> LIST = new TypeReference<>() {};
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private GroupOffsetCodec() {}

    static byte[] encode(List<GroupOffset> offsets) {
        try {
            return JSON.writeValueAsBytes(offsets);
        } catch (IOException e) {
            throw new IllegalStateException("texts and numbers have a form in JSON", e);
        }
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static List<GroupOffset> decode(byte[] content) {
        try {
            return List.copyOf(JSON.readValue(content, LIST));
        } catch (IOException | NullPointerException e) {
            throw new IllegalArgumentException("expected a list of offsets of groups as JSON: " + e.getMessage(), e);
        }
    }
}
