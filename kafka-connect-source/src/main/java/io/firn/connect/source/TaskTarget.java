package io.firn.connect.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * What a task must know beside its lanes, as the connector hands it over in the task's configuration.
 *
 * <p>Immutable; thread-safe.
 *
 * @param tasks number of tasks that share the work, 1 or more
 * @param partitions number of Kafka partitions by target topic, where the partition mode needs it
 */
record TaskTarget(int tasks, Map<String, Integer> partitions) {
    /** The option that carries it. */
    static final String KEY = "firn.task.target";

    private static final ObjectMapper JSON = new ObjectMapper();

    TaskTarget {
        partitions = Map.copyOf(partitions);
    }

    /** As one line of JSON. */
    String toJson() {
        ObjectNode root = JSON.createObjectNode().put("tasks", tasks);
        ObjectNode counts = root.putObject("partitions");
        new TreeMap<>(partitions).forEach(counts::put);
        return root.toString();
    }

    /** What stands in a task's configuration; one that an older connector wrote has nothing and counts as alone. */
    static TaskTarget of(Map<String, String> taskConfig) {
        String json = taskConfig.get(KEY);
        return json == null ? new TaskTarget(1, Map.of()) : parse(json);
    }

    /** Parses {@link #toJson}. */
    static TaskTarget parse(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            Map<String, Integer> counts = new HashMap<>();
            root.required("partitions")
                    .properties()
                    .forEach(
                            entry -> counts.put(entry.getKey(), entry.getValue().intValue()));
            return new TaskTarget(Math.max(1, root.required("tasks").intValue()), counts);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new ConnectException(
                    "'" + KEY + "' is not what the connector writes: " + json
                            + ". Let the connector write it; do not set it.",
                    e);
        }
    }
}
