package io.firn.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firn.error.ConfigException;
import io.firn.registry.SchemaText;

/** How the subject of a topic's schema is called, after the strategies of Confluent's serializers. */
public enum SubjectNames {
    /** {@code <topic>-key} or {@code <topic>-value} (TopicNameStrategy). */
    TOPIC,
    /** The full name of the record (RecordNameStrategy). */
    RECORD,
    /** {@code <topic>-<full name of the record>} (TopicRecordNameStrategy). */
    TOPIC_RECORD;

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The subject of a schema.
     *
     * @throws ConfigException when the schema has no name and the strategy needs one
     */
    public String of(String topic, RecordPart part, SchemaText schema) {
        return switch (this) {
            case TOPIC -> topic + "-" + part.text();
            case RECORD -> recordName(schema);
            case TOPIC_RECORD -> topic + "-" + recordName(schema);
        };
    }

    private static String recordName(SchemaText schema) {
        try {
            JsonNode parsed = JSON.readTree(schema.type().equals(SchemaText.AVRO) ? schema.text() : "{}");
            String name = parsed.path("name").asText("");
            String namespace = parsed.path("namespace").asText("");
            if (!name.isEmpty()) {
                return name.contains(".") || namespace.isEmpty() ? name : namespace + "." + name;
            }
        } catch (JsonProcessingException e) {
            throw new ConfigException("A captured schema is no JSON: " + e.getOriginalMessage(), e);
        }
        throw new ConfigException("A schema of type " + schema.type()
                + " without the name of a record has no subject of its own: use the subject of the topic.");
    }
}
