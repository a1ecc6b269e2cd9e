package io.firn.connect.source;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that Connect passes the archived bytes on as they are.
 *
 * <p>A replay hands out bytes. Any other converter would wrap or rewrite them, and a worker's defaults are not visible
 * to a connector; so the connector's own configuration must name the byte converter three times. Thread-safe.
 */
final class ByteConverters {
    private static final String CLASS = "org.apache.kafka.connect.converters.ByteArrayConverter";
    private static final String HEADER_KEY = "header.converter";
    private static final List<String> KEYS = List.of("key.converter", "value.converter", HEADER_KEY);

    /** The class name and the two short forms that Connect resolves. */
    private static final Set<String> ACCEPTED = Set.of(CLASS, "ByteArrayConverter", "ByteArray");

    private ByteConverters() {}

    /** What is wrong, by option; empty when the bytes reach Kafka unchanged. */
    static Map<String, String> problems(Map<String, String> connectorConfig) {
        Map<String, String> problems = new LinkedHashMap<>();
        for (String key : KEYS) {
            String value = connectorConfig.get(key);
            if (value == null || !isByteConverter(value)) {
                problems.put(key, describe(key, value));
            }
        }
        return problems;
    }

    /** Whether a configured converter passes bytes on. */
    static boolean isByteConverter(String value) {
        return ACCEPTED.contains(value.trim());
    }

    /** Whether a connector's header converter takes bytes only. */
    static boolean ofHeaders(Map<String, String> connectorConfig) {
        return isByteConverter(connectorConfig.getOrDefault(HEADER_KEY, ""));
    }

    private static String describe(String key, @Nullable String value) {
        return (value == null ? "'" + key + "' is not set" : "Invalid value '" + value + "' for '" + key + "'")
                + ": the archive holds bytes, and only the byte converter passes them on unchanged. Add to the"
                + " connector's configuration:\n"
                + String.join("\n", KEYS.stream().map(k -> k + "=" + CLASS).toList());
    }
}
