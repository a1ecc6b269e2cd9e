package io.firn.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The 64-bit fingerprint of a schema as the Avro specification (1.12.0, "Schema Fingerprints" and "Parsing Canonical
 * Form for Schemas") defines it, without Avro's classes: the command line has none. Thread-safe; no state.
 */
public final class AvroFingerprint {
    /** The polynomial, and the fingerprint of nothing. */
    private static final long EMPTY = 0xC15D213AA4D7A795L;

    private static final int BYTES = 256;
    private static final long[] TABLE = table();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> PRIMITIVES =
            Set.of("null", "boolean", "int", "long", "float", "double", "bytes", "string");
    private static final String NAME = "name";
    private static final String TYPE = "type";

    private AvroFingerprint() {}

    private static long[] table() {
        long[] table = new long[BYTES];
        for (int i = 0; i < BYTES; i++) {
            long value = i;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                value = (value >>> 1) ^ (EMPTY & -(value & 1L));
            }
            table[i] = value;
        }
        return table;
    }

    /** CRC-64-AVRO (a Rabin fingerprint) of bytes. */
    public static long ofBytes(byte[] bytes) {
        long value = EMPTY;
        for (byte each : bytes) {
            value = (value >>> Byte.SIZE) ^ TABLE[(int) (value ^ each) & (BYTES - 1)];
        }
        return value;
    }

    /**
     * CRC-64-AVRO of a schema's canonical form: what stands in front of a value in the single-object encoding.
     *
     * @param schema a schema as JSON
     * @throws IllegalArgumentException when it is no schema
     */
    public static long ofSchema(String schema) {
        return ofBytes(canonicalForm(schema).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The Parsing Canonical Form of a schema.
     *
     * @throws IllegalArgumentException when it is no schema
     */
    public static String canonicalForm(String schema) {
        try {
            StringBuilder out = new StringBuilder();
            append(JSON.readTree(schema), "", out);
            return out.toString();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("expected a schema as JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void append(JsonNode schema, String namespace, StringBuilder out) {
        if (schema.isTextual()) {
            quote(PRIMITIVES.contains(schema.asText()) ? schema.asText() : fullName(schema.asText(), namespace), out);
        } else if (schema.isArray()) {
            List<JsonNode> branches = new ArrayList<>();
            schema.forEach(branches::add);
            appendList(branches, namespace, out);
        } else {
            appendObject(schema, namespace, out);
        }
    }

    private static void appendList(List<JsonNode> schemas, String namespace, StringBuilder out) {
        String separator = "";
        out.append('[');
        for (JsonNode each : schemas) {
            out.append(separator);
            append(each, namespace, out);
            separator = ",";
        }
        out.append(']');
    }

    private static void appendObject(JsonNode schema, String namespace, StringBuilder out) {
        JsonNode type = require(schema, TYPE);
        if (!type.isTextual()) {
            append(type, namespace, out);
            return;
        }
        switch (type.asText()) {
            case "array" -> appendOf("array", "items", schema, namespace, out);
            case "map" -> appendOf("map", "values", schema, namespace, out);
            case "record", "error", "enum", "fixed" -> appendNamed(schema, namespace, out);
            default -> append(type, namespace, out);
        }
    }

    private static void appendOf(String type, String of, JsonNode schema, String namespace, StringBuilder out) {
        out.append("{\"type\":\"").append(type).append("\",\"").append(of).append("\":");
        append(require(schema, of), namespace, out);
        out.append('}');
    }

    private static void appendNamed(JsonNode schema, String namespace, StringBuilder out) {
        String own =
                schema.path("namespace").isTextual() ? schema.path("namespace").asText() : namespace;
        String name = fullName(require(schema, NAME).asText(), own);
        String inner = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
        String type = require(schema, TYPE).asText();
        out.append("{\"name\":");
        quote(name, out);
        out.append(",\"type\":\"").append(type).append('"');
        switch (type) {
            case "enum" -> appendSymbols(require(schema, "symbols"), out);
            case "fixed" ->
                out.append(",\"size\":").append(require(schema, "size").asLong());
            default -> appendFields(require(schema, "fields"), inner, out);
        }
        out.append('}');
    }

    private static void appendSymbols(JsonNode symbols, StringBuilder out) {
        String separator = ",\"symbols\":[";
        for (JsonNode symbol : symbols) {
            out.append(separator);
            quote(symbol.asText(), out);
            separator = ",";
        }
        out.append(symbols.isEmpty() ? separator : "").append(']');
    }

    private static void appendFields(JsonNode fields, String namespace, StringBuilder out) {
        String separator = "";
        out.append(",\"fields\":[");
        for (JsonNode field : fields) {
            out.append(separator).append("{\"name\":");
            quote(require(field, NAME).asText(), out);
            out.append(",\"type\":");
            append(require(field, TYPE), namespace, out);
            out.append('}');
            separator = ",";
        }
        out.append(']');
    }

    private static String fullName(String name, String namespace) {
        return name.contains(".") || namespace.isEmpty() ? name : namespace + "." + name;
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"').append(text).append('"');
    }

    private static JsonNode require(JsonNode schema, String member) {
        JsonNode found = schema.path(member);
        if (found.isMissingNode()) {
            throw new IllegalArgumentException("expected a schema with '" + member + "', found " + schema);
        }
        return found;
    }
}
