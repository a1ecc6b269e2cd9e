package io.firn.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One line of JSON whose last member is the CRC-64-AVRO of the bytes before it, as small files of a table hold it.
 *
 * <p>Layout: {@code docs/format/table.md}, sections "Schemas of a registry" and "Topics". Thread-safe: no state.
 */
public final class SealedJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHECKSUM = ",\"checksum\":\"";
    private static final String END = "\"}\n";
    private static final int DIGITS = 16;

    private SealedJson() {}

    /** The file of a document with at least one member. */
    public static byte[] seal(ObjectNode document) {
        String whole = document.toString();
        String open = whole.substring(0, whole.length() - 1);
        return (open + sealOf(open.getBytes(StandardCharsets.UTF_8))).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #seal} wrote.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static JsonNode open(byte[] content) {
        int sealBytes = CHECKSUM.length() + DIGITS + END.length();
        if (content.length <= sealBytes) {
            throw new IllegalArgumentException("expected a line with a checksum, found " + content.length + " bytes");
        }
        byte[] open = Arrays.copyOf(content, content.length - sealBytes);
        String seal = new String(content, open.length, sealBytes, StandardCharsets.ISO_8859_1);
        String expected = sealOf(open);
        if (!seal.equals(expected)) {
            throw new IllegalArgumentException("expected " + expected.strip() + " at its end, found " + seal.strip());
        }
        try {
            return JSON.readTree(content);
        } catch (IOException e) {
            throw new IllegalArgumentException("expected JSON: " + e.getMessage(), e);
        }
    }

    private static String sealOf(byte[] open) {
        return CHECKSUM + HexFormat.of().toHexDigits(AvroFingerprint.ofBytes(open)) + END;
    }
}
