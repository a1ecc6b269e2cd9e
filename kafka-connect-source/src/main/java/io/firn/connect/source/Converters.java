package io.firn.connect.source;

import io.firn.connect.avro.RecordFormats;
import io.firn.error.FirnException;
import io.firn.table.KafkaOrigin;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that the converters fit what is archived: {@link ByteConverters} for raw records, any others for
 * structured ones. Thread-safe; no state.
 */
final class Converters {
    private static final Logger LOG = LoggerFactory.getLogger(Converters.class);
    private static final List<String> KEYS = List.of("key.converter", "value.converter", "header.converter");

    private Converters() {}

    /**
     * What is wrong, by option; empty when the converters fit. Looks into the archive; where there is nothing to read,
     * raw records are expected.
     */
    static Map<String, String> problems(Map<String, String> connectorConfig) {
        Set<String> formats = new TreeSet<>();
        try {
            FirnSourceConfig config = new FirnSourceConfig(connectorConfig);
            try (ArchivedTables tables = new ArchivedTables(config)) {
                tables.openAll(config.tables());
                formats.addAll(formats(tables.byName(), config.topics()));
            }
        } catch (FirnException | ConfigException unreadable) {
            LOG.debug("converters are checked without the archive: {}", unreadable.toString());
        }
        return problems(connectorConfig, formats);
    }

    /**
     * Refuses converters that do not fit.
     *
     * @throws ConnectException with the lines to change
     */
    static void require(Map<String, String> connectorConfig, Map<String, Table> tables, TopicSelection topics) {
        Map<String, String> problems = problems(connectorConfig, formats(tables, topics));
        if (!problems.isEmpty()) {
            throw new ConnectException(problems.values().iterator().next());
        }
    }

    private static Set<String> formats(Map<String, Table> tables, TopicSelection topics) {
        Set<String> formats = new TreeSet<>();
        for (Table table : tables.values()) {
            List<LaneInfo> selected = table.lanes().stream()
                    .filter(lane -> KafkaOrigin.of(lane.properties())
                            .filter(origin -> topics.includes(origin.topic()))
                            .isPresent())
                    .toList();
            formats.addAll(RecordFormats.of(table, selected));
        }
        return formats;
    }

    static Map<String, String> problems(Map<String, String> connectorConfig, Set<String> formats) {
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
        Map<String, String> problems = new LinkedHashMap<>();
        for (String key : KEYS) {
            String value = connectorConfig.get(key);
            if (value != null && ByteConverters.isByteConverter(value)) {
                problems.put(
                        key,
                        "Invalid value '" + value + "' for '" + key + "': the archive holds structured records, which"
                                + " are no bytes. Name the converter that writes them as the target wants them, for"
                                + " example org.apache.kafka.connect.json.JsonConverter.");
            }
        }
        return problems;
    }
}
