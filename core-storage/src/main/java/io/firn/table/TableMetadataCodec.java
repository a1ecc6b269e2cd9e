package io.firn.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firn.error.ConfigException;
import io.firn.error.CorruptDataException;
import io.firn.error.FormatVersionException;
import io.firn.partition.PartitionField;
import io.firn.partition.PartitionScheme;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The bytes of {@code metadata.json}; {@code docs/format/table.md} specifies them.
 *
 * <p>The last member is a CRC-32C of every byte before it, so that a flipped bit is found although the file is text.
 */
final class TableMetadataCodec {
    /** The version that this code writes. */
    static final int FORMAT_VERSION = 1;

    private static final String FORMAT_NAME = "firn-table";
    private static final String FORMAT = "format";
    private static final String VERSION = "formatVersion";
    private static final String MIN_READER = "minReaderVersion";
    private static final String MIN_WRITER = "minWriterVersion";
    private static final String REQUIRED = "requiredFeatures";
    private static final String OPTIONAL = "optionalFeatures";
    private static final String ID = "id";
    private static final String CREATED = "createdAt";
    private static final String REVISION = "revision";
    private static final String SCHEME = "scheme";
    private static final String CONFIG = "config";
    private static final String CRC_MEMBER = ",\n  \"crc32c\" : \"";
    private static final String END = "\"\n}\n";
    private static final int CRC_DIGITS = 8;
    /** Written from what the metadata object holds; every other member is kept as it was. */
    private static final Set<String> OWN = Set.of(FORMAT, ID, CREATED, REVISION, SCHEME, CONFIG, "crc32c");

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private TableMetadataCodec() {}

    static byte[] encode(TableMetadata metadata) {
        ObjectNode json = JSON.createObjectNode();
        json.put(FORMAT, FORMAT_NAME);
        json.put(VERSION, FORMAT_VERSION).put(MIN_READER, FORMAT_VERSION).put(MIN_WRITER, FORMAT_VERSION);
        json.putArray(REQUIRED);
        json.putArray(OPTIONAL);
        json.put(ID, metadata.id().toString());
        json.put(CREATED, metadata.createdAt().toString());
        json.put(REVISION, metadata.revision());
        ArrayNode fields = json.putArray(SCHEME);
        for (PartitionField field : metadata.scheme().fields()) {
            ObjectNode node = fields.addObject();
            node.put("name", field.name()).put("type", field.type().text());
            if (field.type().isTime()) {
                node.put("zone", field.zone().getId());
            }
        }
        ObjectNode config = json.putObject(CONFIG);
        metadata.config().toProperties().forEach(config::put);
        metadata.unknown().forEach(json::set);
        String text = json.toPrettyString().replace("\r\n", "\n");
        String body = text.substring(0, text.lastIndexOf('}')).stripTrailing();
        return (body + CRC_MEMBER + crc(body) + END).getBytes(StandardCharsets.UTF_8);
    }

    private static String crc(String body) {
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }

    static TableMetadata decode(byte[] bytes, Path file) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            JsonNode json = JSON.readTree(text);
            checkFormat(json, file);
            checkCrc(text, file);
            return read(json);
        } catch (JsonProcessingException malformed) {
            throw new CorruptDataException(
                    file, offsetOf(malformed), "expected JSON, found: " + malformed.getOriginalMessage());
        } catch (IllegalArgumentException | DateTimeException malformed) {
            throw new CorruptDataException(
                    file, 0, "expected the metadata of a table, found: " + malformed.getMessage());
        }
    }

    private static long offsetOf(JsonProcessingException malformed) {
        return malformed.getLocation() == null
                ? 0
                : Math.max(0, malformed.getLocation().getCharOffset());
    }

    private static void checkFormat(JsonNode json, Path file) {
        if (!FORMAT_NAME.equals(json.path(FORMAT).asText())) {
            throw new CorruptDataException(
                    file, 0, "expected \"format\": \"" + FORMAT_NAME + "\", found: " + json.path(FORMAT));
        }
        checkVersion(json.path(MIN_READER).asInt(), file.toString());
        for (JsonNode feature : json.path(REQUIRED)) {
            throw new FormatVersionException(file + " needs the feature '" + feature.asText()
                    + "', which this version of Firn does not know. Use a newer version of Firn for this table.");
        }
    }

    /** Refuses to write a table whose writers must be newer. */
    static void requireWritable(TableMetadata metadata, Path root) {
        JsonNode minWriter = metadata.unknown().get(MIN_WRITER);
        checkVersion(minWriter == null ? FORMAT_VERSION : minWriter.asInt(), "Writing the table at " + root);
    }

    private static void checkVersion(int needed, String what) {
        if (needed > FORMAT_VERSION) {
            throw new FormatVersionException(what + " needs version " + needed + " of the table format; this version of"
                    + " Firn knows " + FORMAT_VERSION + ". Use a newer version of Firn for this table.");
        }
    }

    private static void checkCrc(String text, Path file) {
        int member = text.lastIndexOf(CRC_MEMBER);
        String expectedEnd = member < 0 ? "" : CRC_MEMBER + crc(text.substring(0, member)) + END;
        if (member < 0 || !text.substring(member).equals(expectedEnd)) {
            int offset = member < 0 ? text.length() : member + CRC_MEMBER.length();
            throw new CorruptDataException(
                    file,
                    offset,
                    "the checksum at the end does not fit; expected a last member" + " \"crc32c\" of " + CRC_DIGITS
                            + " hex digits over all bytes before it (was it edited by hand?)");
        }
    }

    private static TableMetadata read(JsonNode json) {
        TableMetadata.Identity identity =
                new TableMetadata.Identity(UUID.fromString(text(json, ID)), Instant.parse(text(json, CREATED)));
        Map<String, String> config = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : json.path(CONFIG).properties()) {
            config.put(member.getKey(), member.getValue().asText());
        }
        Map<String, JsonNode> unknown = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            if (!OWN.contains(member.getKey())) {
                unknown.put(member.getKey(), member.getValue());
            }
        }
        return new TableMetadata(
                identity, json.path(REVISION).asLong(), scheme(json), TableConfig.fromStored(config), unknown);
    }

    private static PartitionScheme scheme(JsonNode json) {
        if (!json.path(SCHEME).isArray()) {
            throw new ConfigException("\"scheme\" is not a list");
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode field : json.path(SCHEME)) {
            text.append(text.isEmpty() ? "" : ",")
                    .append(text(field, "name"))
                    .append(':')
                    .append(text(field, "type"));
            if (field.has("zone")) {
                text.append('(').append(text(field, "zone")).append(')');
            }
        }
        return PartitionScheme.parse(text.toString());
    }

    private static String text(JsonNode json, String member) {
        if (!json.path(member).isTextual()) {
            throw new IllegalArgumentException("no text at \"" + member + "\"");
        }
        return json.path(member).asText();
    }
}
