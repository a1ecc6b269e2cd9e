package io.firn.partition;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
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

    private final Node root = new Node("");
    private final boolean[] found;
    private final int wanted;
    private int remaining;

    JsonFields(List<WantedField> fields) {
        int highest = 0;
        for (WantedField field : fields) {
            Node node = root;
            for (String name : field.path()) {
                node = node.childOrNew(name);
            }
            node.fields.add(field.index());
            highest = Math.max(highest, field.index());
        }
        this.found = new boolean[highest + 1];
        this.wanted = fields.size();
    }

    @Override
    public @Nullable String extract(byte[] bytes, FieldSink sink) {
        Arrays.fill(found, false);
        remaining = wanted;
        try (JsonParser parser = JSON.createParser(bytes)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT) {
                return first == null ? "is empty" : "is not a JSON object";
            }
            readObject(parser, root, sink);
            return null;
        } catch (JsonProcessingException malformed) {
            return "is not valid JSON (" + malformed.getOriginalMessage() + ")";
        } catch (IOException undecodable) {
            return "is not valid JSON (" + undecodable.getMessage() + ")";
        }
    }

    private void readObject(JsonParser parser, Node node, FieldSink sink) throws IOException {
        while (remaining > 0) {
            String name = parser.nextFieldName();
            if (name == null) {
                return;
            }
            Node child = node.child(name);
            JsonToken value = parser.nextToken();
            if (child == null) {
                parser.skipChildren();
            } else {
                readWanted(parser, value, child, sink);
            }
        }
    }

    private void readWanted(JsonParser parser, JsonToken value, Node node, FieldSink sink) throws IOException {
        for (int i = 0; i < node.fields.size(); i++) {
            int field = node.fields.get(i);
            if (!found[field]) {
                found[field] = true;
                remaining--;
                report(parser, value, field, sink);
            }
        }
        if (value == JsonToken.START_OBJECT && !node.children.isEmpty()) {
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

    /** One name on the way to wanted fields. */
    private static final class Node {
        private final String name;
        private final List<Node> children = new ArrayList<>(2);
        private final List<Integer> fields = new ArrayList<>(1);

        Node(String name) {
            this.name = name;
        }

        @Nullable
        Node child(String childName) {
            for (int i = 0; i < children.size(); i++) {
                Node child = children.get(i);
                if (child.name.equals(childName)) {
                    return child;
                }
            }
            return null;
        }

        Node childOrNew(String childName) {
            Node child = child(childName);
            if (child == null) {
                child = new Node(childName);
                children.add(child);
            }
            return child;
        }
    }
}
