package io.firn.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firn.error.ConfigException;
import io.firn.registry.SchemaReference;
import io.firn.registry.SchemaText;
import java.util.ArrayList;
import java.util.List;

/**
 * Content of {@code _table/schemas/id-<n>.json}: one line of JSON whose last member is the CRC-64-AVRO of the bytes
 * before it.
 *
 * <p>Layout: {@code docs/format/table.md}, section "Schemas of a registry". Thread-safe: no state.
 */
final class CapturedSchemaCodec {
    private static final ObjectMapper JSON = new ObjectMapper();

    private CapturedSchemaCodec() {}

    static byte[] encode(CapturedSchema captured) {
        ObjectNode document = JSON.createObjectNode();
        document.put("id", captured.id());
        document.put("schemaType", captured.schema().type());
        ArrayNode references = document.putArray("references");
        for (int i = 0; i < captured.referenceIds().size(); i++) {
            SchemaReference reference = captured.reference(i);
            references
                    .addObject()
                    .put("name", reference.name())
                    .put("subject", reference.subject())
                    .put("version", reference.version())
                    .put("id", captured.referenceIds().get(i));
        }
        document.put("schema", captured.schema().text());
        return SealedJson.seal(document);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static CapturedSchema decode(byte[] content) {
        try {
            return captured(SealedJson.open(content));
        } catch (ConfigException e) {
            throw new IllegalArgumentException("expected a schema as JSON: " + e.getMessage(), e);
        }
    }

    private static CapturedSchema captured(JsonNode document) {
        List<SchemaReference> references = new ArrayList<>();
        List<Integer> ids = new ArrayList<>();
        for (JsonNode reference : document.path("references")) {
            references.add(new SchemaReference(
                    reference.path("name").asText(),
                    reference.path("subject").asText(),
                    reference.path("version").asInt()));
            ids.add(reference.path("id").asInt());
        }
        String text = document.path("schema").asText();
        return new CapturedSchema(
                document.path("id").asInt(),
                new SchemaText(document.path("schemaType").asText(), text, references),
                ids);
    }
}
