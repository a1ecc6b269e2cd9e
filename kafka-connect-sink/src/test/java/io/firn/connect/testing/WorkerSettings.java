package io.firn.connect.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What every worker of a test is told: a broker of one node, and a worker on a busy machine is not taken for dead. */
public final class WorkerSettings {
    /** Everything to standard output, the clients' chatter left out: properties for Log4j. */
    public static final Map<String, String> LOGGING = Map.of(
            "appender.console.type", "Console",
            "appender.console.name", "console",
            "appender.console.layout.type", "PatternLayout",
            "appender.console.layout.pattern", "%d{HH:mm:ss.SSS} %-5p [%t] %c{1}: %m%n",
            "rootLogger.level", "info",
            "rootLogger.appenderRef.console.ref", "console",
            "logger.config.name", "org.apache.kafka.clients",
            "logger.config.level", "warn");

    /**
     * For tests that kill or freeze a worker: its group takes it for dead after the least time that a broker allows, a
     * living one that is held up so long as well.
     */
    public static final Map<String, String> FAST_FAILOVER = Map.of("session.timeout.ms", "6000");

    private WorkerSettings() {}

    /** The settings without the address of the REST interface. */
    public static Map<String, String> of(String bootstrapServers, String pluginPath) {
        Map<String, String> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("plugin.path", pluginPath);
        settings.put("plugin.discovery", "service_load");
        settings.put("group.id", "firn-test-workers");
        for (String role : List.of("config", "offset", "status")) {
            settings.put(role + ".storage.topic", "connect-" + role + "s");
            settings.put(role + ".storage.replication.factor", "1");
        }
        settings.put("offset.storage.partitions", "1");
        settings.put("status.storage.partitions", "1");
        settings.put("offset.flush.interval.ms", "1000");
        settings.put("scheduled.rebalance.max.delay.ms", "0");
        // half of the rebalance timeout
        settings.put("session.timeout.ms", "30000");
        settings.put("heartbeat.interval.ms", "1000");
        settings.put("task.shutdown.graceful.timeout.ms", "10000");
        for (String part : List.of("key", "value", "header")) {
            settings.put(part + ".converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        }
        return settings;
    }

    /** Writes a file of properties, in the order of their names. */
    public static void write(Path file, Map<String, String> properties) throws IOException {
        List<String> lines = new TreeMap<>(properties)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "="
                                + entry.getValue().replace("\\", "\\\\").replace("\n", "\\n"))
                        .toList();
        Files.write(file, lines);
    }
}
