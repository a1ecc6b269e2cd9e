package io.firn.topic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firn.error.FormatVersionException;
import io.firn.schema.SealedJson;
import java.util.ArrayList;
import java.util.List;

/**
 * Content of {@code _table/topics/<topic>.json}.
 *
 * <p>Layout: {@code docs/format/table.md}, section "Topics". Thread-safe: no state.
 */
final class CapturedTopicCodec {
    private static final int VERSION = 1;

    private CapturedTopicCodec() {}

    static byte[] encode(CapturedTopic captured) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("formatVersion", VERSION);
        document.put("topic", captured.topic());
        document.put("clusterId", captured.clusterId());
        document.put("topicId", captured.topicId());
        document.put("capturedAtMs", captured.capturedAtMs());
        document.put("partitions", captured.partitions());
        document.put("replicationFactor", captured.replicationFactor());
        ArrayNode settings = document.putArray("settings");
        captured.settings()
                .forEach(setting -> settings.addObject()
                        .put("name", setting.name())
                        .put("value", setting.value())
                        .put("source", setting.source()));
        return SealedJson.seal(document);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException when it is something else
     * @throws FormatVersionException when a newer version wrote it
     */
    static CapturedTopic decode(byte[] content) {
        JsonNode document = SealedJson.open(content);
        int version = number(document, "formatVersion");
        if (version > VERSION) {
            throw new FormatVersionException("expected a topic of format version " + VERSION + " or less, found "
                    + version + "; use the version of Firn that archived it, or a newer one");
        }
        List<CapturedTopic.Setting> settings = new ArrayList<>();
        for (JsonNode setting : document.path("settings")) {
            settings.add(
                    new CapturedTopic.Setting(text(setting, "name"), text(setting, "value"), text(setting, "source")));
        }
        return new CapturedTopic(
                text(document, "topic"),
                text(document, "clusterId"),
                text(document, "topicId"),
                document.path("capturedAtMs").asLong(),
                number(document, "partitions"),
                number(document, "replicationFactor"),
                settings);
    }

    private static String text(JsonNode node, String member) {
        JsonNode found = node.path(member);
        if (!found.isTextual()) {
            throw new IllegalArgumentException("expected a text '" + member + "', found " + node);
        }
        return found.asText();
    }

    private static int number(JsonNode node, String member) {
        JsonNode found = node.path(member);
        if (!found.canConvertToInt()) {
            throw new IllegalArgumentException("expected a number '" + member + "', found " + node);
        }
        return found.asInt();
    }
}
