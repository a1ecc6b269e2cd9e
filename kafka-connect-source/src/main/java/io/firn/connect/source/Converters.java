package io.firn.connect.source;

import io.firn.connect.avro.RecordFormats;
import io.firn.connect.avro.SchemaFromAvro;
import io.firn.error.FirnException;
import io.firn.table.KafkaOrigin;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that the converters fit what is archived: {@link ByteConverters} for raw records, any others for
 * structured ones. Thread-safe; no state.
 */
final class Converters {
    private static final Logger LOG = LoggerFactory.getLogger(Converters.class);
    private static final List<String> OF_STRUCTURED = List.of("key.converter", "value.converter");

    private Converters() {}

    /**
     * What is wrong, by option; empty when the converters fit. Looks into the archive; where there is nothing to read,
     * raw records are expected.
     */
    static Map<String, String> problems(Map<String, String> connectorConfig) {
        try {
            FirnSourceConfig config = new FirnSourceConfig(connectorConfig);
            try (ArchivedTables tables = new ArchivedTables(config)) {
                tables.openAll(config.tables());
                return problems(connectorConfig, tables.byName(), config.topics());
            }
        } catch (FirnException | ConfigException unreadable) {
            LOG.debug("converters are checked without the archive: {}", unreadable.toString());
            return ByteConverters.problems(connectorConfig);
        }
    }

    /**
     * Refuses converters that do not fit.
     *
     * @throws ConnectException with the lines to change
     */
    static void require(Map<String, String> connectorConfig, Map<String, Table> tables, TopicSelection topics) {
        Map<String, String> problems = problems(connectorConfig, tables, topics);
        if (!problems.isEmpty()) {
            throw new ConnectException(problems.values().iterator().next());
        }
    }

    private static Set<String> formats(Map<String, Table> tables, TopicSelection topics) {
        Set<String> formats = new TreeSet<>();
        for (Table table : tables.values()) {
            formats.addAll(RecordFormats.of(table, selected(table, topics)));
        }
        return formats;
    }

    private static List<LaneInfo> selected(Table table, TopicSelection topics) {
        return table.lanes().stream()
                .filter(lane -> KafkaOrigin.of(lane.properties())
                        .filter(origin -> topics.includes(origin.topic()))
                        .isPresent())
                .toList();
    }

    private static Map<String, String> problems(
            Map<String, String> connectorConfig, Map<String, Table> tables, TopicSelection topics) {
        return problems(
                connectorConfig,
                formats(tables, topics),
                () -> tables.values().stream()
                        .anyMatch(table -> !selected(table, topics).isEmpty() && mayHoldBytes(table)));
    }

    static Map<String, String> problems(
            Map<String, String> connectorConfig, Set<String> formats, BooleanSupplier mayHoldBytes) {
        if (!formats.contains(RecordFormats.STRUCTURED)) {
            return ByteConverters.problems(connectorConfig);
        }
        if (formats.size() > 1) {
            return Map.of(
                    FirnSourceConfig.TOPICS,
                    "Invalid value '" + connectorConfig.getOrDefault(FirnSourceConfig.TOPICS, "") + "' for '"
                            + FirnSourceConfig.TOPICS + "': of these topics some are archived as bytes and some as"
                            + " structured records, which need other converters. Replay them by two connectors.");
        }
        return mayHoldBytes.getAsBoolean() ? Map.of() : ofStructured(connectorConfig);
    }

    /** Which part of the records a schema belongs to is not known. */
    private static boolean mayHoldBytes(Table table) {
        return table.schemas().all().stream()
                .map(text -> SchemaFromAvro.translate(new org.apache.avro.Schema.Parser().parse(text)))
                .anyMatch(schema -> schema == null || schema.type() == Schema.Type.BYTES);
    }

    private static Map<String, String> ofStructured(Map<String, String> connectorConfig) {
        Map<String, String> problems = new LinkedHashMap<>();
        for (String key : OF_STRUCTURED) {
            String value = connectorConfig.get(key);
            if (value != null && ByteConverters.isByteConverter(value)) {
                problems.put(
                        key,
                        "Invalid value '" + value + "' for '" + key
                                + "': the archive holds structured records, of which"
                                + " none are bytes. Name the converter that writes them as the target wants them, for"
                                + " example org.apache.kafka.connect.json.JsonConverter.");
            }
        }
        return problems;
    }
}
