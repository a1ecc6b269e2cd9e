package io.firn.examples.drill;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The configurations of the drill's two connectors. Thread-safe: no state. */
final class DrillConnectors {
    private static final String BYTES = "org.apache.kafka.connect.converters.ByteArrayConverter";

    private DrillConnectors() {}

    /** Archives topics with the schemas whose ids their records carry. */
    static Map<String, String> sink(List<String> topics, Path archive, DrillCluster cluster) {
        Map<String, String> config = connector("io.firn.connect.sink.FirnSinkConnector", archive, cluster);
        config.put("topics", String.join(",", topics));
        config.put("partition.fields", "dt:date=timestamp");
        config.put("commit.interval.ms", "500");
        config.put("source.bootstrap.servers", cluster.bootstrapServers());
        config.put("consumer.override.isolation.level", "read_committed");
        return config;
    }

    /** Restores topics under their names, exactly once, with the schema ids of the new registry. */
    static Map<String, String> source(List<String> topics, Path archive, DrillCluster cluster) {
        Map<String, String> config = connector("io.firn.connect.source.FirnSourceConnector", archive, cluster);
        config.put("restore.topics", String.join(",", topics));
        config.put("schema.id.remap", "registry");
        config.put("target.bootstrap.servers", cluster.bootstrapServers());
        config.put("exactly.once.support", "required");
        config.put("transaction.boundary", "connector");
        return config;
    }

    private static Map<String, String> connector(String type, Path archive, DrillCluster cluster) {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("connector.class", type);
        config.put("tasks.max", "2");
        config.put("firn.path", archive.toString());
        config.put("schema.registry.url", cluster.registryUrl());
        config.put("key.converter", BYTES);
        config.put("value.converter", BYTES);
        config.put("header.converter", BYTES);
        return config;
    }
}
