package io.firn.schema;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The content of a schema file: a record with one field whose type is the schema.
 *
 * <p>The record costs no byte in Avro's binary encoding. Its name holds the CRC-64-AVRO of the schema's text, because
 * Avro's own fingerprint passes over documentation, defaults and properties: so two schemas that differ only there have
 * different fingerprints, and damage to them is found. Thread-safe; no state.
 */
final class SchemaText {
    private static final String BEFORE = "{\"type\":\"record\",\"name\":\"FirnValue_";
    private static final String BETWEEN = "\",\"fields\":[{\"name\":\"value\",\"type\":";
    private static final String AFTER = "}]}\n";
    private static final int DIGITS = 16;
    private static final HexFormat HEX = HexFormat.of();

    private SchemaText() {}

    static String wrap(String schema) {
        return BEFORE + digest(schema) + BETWEEN + schema + AFTER;
    }

    /**
     * The schema in a file's content.
     *
     * @throws IllegalArgumentException when the content is not what {@link #wrap} made
     */
    static String unwrap(byte[] content) {
        String text = decode(content);
        int start = BEFORE.length() + DIGITS + BETWEEN.length();
        if (text.length() < start + AFTER.length()) {
            throw new IllegalArgumentException("expected a schema, found " + content.length + " bytes");
        }
        String schema = text.substring(start, text.length() - AFTER.length());
        if (!text.equals(wrap(schema))) {
            throw new IllegalArgumentException("expected a schema with checksum " + digest(schema)
                    + " in its name, found " + text.substring(0, start));
        }
        return schema;
    }

    static String hex(long number) {
        return HEX.toHexDigits(number);
    }

    private static String digest(String schema) {
        return hex(AvroFingerprint.ofBytes(schema.getBytes(StandardCharsets.UTF_8)));
    }

    private static String decode(byte[] content) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("expected UTF-8, found other bytes", e);
        }
    }
}
