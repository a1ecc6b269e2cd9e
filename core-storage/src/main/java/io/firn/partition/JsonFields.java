package io.firn.partition;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Extracts fields from JSON objects in one pass without building a tree; it stops at the last wanted field and does not
 * look at the rest. When a name repeats, its first value counts.
 *
 * <p>Confined to one thread.
 */
final class JsonFields implements FieldExtractor {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final WantedFields wanted;

    JsonFields(List<WantedField> fields) {
        this.wanted = new WantedFields(fields);
    }

    @Override
    public @Nullable String extract(byte[] bytes, FieldSink sink) {
        wanted.begin();
        try (JsonParser parser = JSON.createParser(bytes)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT) {
                return first == null ? "is empty" : "is not a JSON object";
            }
            readObject(parser, wanted.root(), sink);
            return null;
        } catch (JsonProcessingException malformed) {
            return "is not valid JSON (" + malformed.getOriginalMessage() + ")";
        } catch (IOException undecodable) {
            return "is not valid JSON (" + undecodable.getMessage() + ")";
        }
    }

    private void readObject(JsonParser parser, WantedFields.Node node, FieldSink sink) throws IOException {
        while (!wanted.isComplete()) {
            String name = parser.nextFieldName();
            if (name == null) {
                return;
            }
            WantedFields.Node child = node.child(name);
            JsonToken value = parser.nextToken();
            if (child == null) {
                parser.skipChildren();
            } else {
                readWanted(parser, value, child, sink);
            }
        }
    }

    private void readWanted(JsonParser parser, JsonToken value, WantedFields.Node node, FieldSink sink)
            throws IOException {
        for (int field : node.fields()) {
            if (wanted.take(field)) {
                report(parser, value, field, sink);
            }
        }
        if (value == JsonToken.START_OBJECT && node.hasChildren()) {
            readObject(parser, node, sink);
        } else {
            parser.skipChildren();
        }
    }

    private static void report(JsonParser parser, JsonToken value, int field, FieldSink sink) throws IOException {
        switch (value) {
            case VALUE_STRING, VALUE_TRUE, VALUE_FALSE ->
                sink.text(field, parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                sink.number(field, parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
            case START_OBJECT -> sink.unusable(field, "an object");
            case START_ARRAY -> sink.unusable(field, "an array");
            default -> {
                // null: the same as a field that is not there
            }
        }
    }
}
