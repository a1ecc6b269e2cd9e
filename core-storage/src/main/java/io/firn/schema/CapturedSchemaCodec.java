package io.firn.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firn.error.ConfigException;
import io.firn.registry.SchemaReference;
import io.firn.registry.SchemaText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Content of {@code _table/schemas/id-<n>.json}: one line of JSON whose last member is the CRC-64-AVRO of the bytes
 * before it.
 *
 * <p>Layout: {@code docs/format/table.md}, section "Schemas of a registry". Thread-safe: no state.
 */
final class CapturedSchemaCodec {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHECKSUM = ",\"checksum\":\"";
    private static final String END = "\"}\n";
    private static final int DIGITS = 16;

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
        String whole = document.toString();
        return sealed(whole.substring(0, whole.length() - 1));
    }

    private static byte[] sealed(String open) {
        byte[] bytes = open.getBytes(StandardCharsets.UTF_8);
        String seal = CHECKSUM + checksum(bytes) + END;
        return (open + seal).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static CapturedSchema decode(byte[] content) {
        int sealBytes = CHECKSUM.length() + DIGITS + END.length();
        if (content.length <= sealBytes) {
            throw new IllegalArgumentException("expected a schema, found " + content.length + " bytes");
        }
        byte[] open = Arrays.copyOf(content, content.length - sealBytes);
        String seal = new String(content, open.length, sealBytes, StandardCharsets.ISO_8859_1);
        String expected = CHECKSUM + checksum(open) + END;
        if (!seal.equals(expected)) {
            throw new IllegalArgumentException("expected " + expected.strip() + " at its end, found " + seal.strip());
        }
        try {
            return captured(JSON.readTree(content));
        } catch (IOException | ConfigException e) {
            throw new IllegalArgumentException("expected a schema as JSON: " + e.getMessage(), e);
        }
    }

    private static String checksum(byte[] bytes) {
        return HexFormat.of().toHexDigits(AvroFingerprint.ofBytes(bytes));
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
