package io.firn.examples;

import com.fasterxml.jackson.databind.JsonNode;
import io.firn.connect.testing.ConnectRest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The configurations of the quickstart's two connectors, and what a worker says about them.
 *
 * <p>Thread-safe.
 */
final class QuickstartConnectors {
    private static final String BYTES = "org.apache.kafka.connect.converters.ByteArrayConverter";

    private QuickstartConnectors() {}

    /** Archives a topic, partitioned by day of departure and origin, compressing on checkpoint. */
    static Map<String, String> sink(String topic, Path archive, String bootstrapServers) {
        Map<String, String> config = connector("io.firn.connect.sink.FirnSinkConnector", archive);
        config.put("topics", topic);
        config.put("partition.fields", "dt:date=timestamp,origin:string=value.origin");
        config.put("compression.policy", "immediate");
        config.put("commit.interval.ms", "1000");
        config.put("source.bootstrap.servers", bootstrapServers);
        config.put("consumer.override.isolation.level", "read_committed");
        return config;
    }

    /** Replays a topic under another name, exactly once. */
    static Map<String, String> source(String topic, String target, Path archive, String bootstrapServers) {
        Map<String, String> config = connector("io.firn.connect.source.FirnSourceConnector", archive);
        config.put("restore.topics", topic);
        config.put("restore.topic.map", topic + ":" + target);
        config.put("target.bootstrap.servers", bootstrapServers);
        config.put("exactly.once.support", "required");
        config.put("transaction.boundary", "connector");
        return config;
    }

    private static Map<String, String> connector(String type, Path archive) {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("connector.class", type);
        config.put("tasks.max", "2");
        config.put("firn.path", archive.toString());
        config.put("key.converter", BYTES);
        config.put("value.converter", BYTES);
        config.put("header.converter", BYTES);
        return config;
    }

    /** How far the source's committed offsets are: the sum of the lanes' next sequences. */
    static long replayedSequences(ConnectRest rest, String connector) {
        long sum = 0;
        for (JsonNode entry : rest.offsets(connector).path("offsets")) {
            sum += entry.path("offset").path("sequence").asLong();
        }
        return sum;
    }
}
