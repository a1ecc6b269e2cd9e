package io.firn.connect.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A real distributed Connect worker in its own process, with a REST port of its own.
 *
 * <p>It sees plugins only through {@code plugin.path} and with {@code plugin.discovery=service_load}. Thread-safe.
 */
public final class ConnectWorker implements AutoCloseable {
    private static final Pattern REST_ADDRESS =
            Pattern.compile("REST server listening at (http://127\\.0\\.0\\.1:\\d+)/");
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration STOP_TIMEOUT = Duration.ofMinutes(1);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final ChildProcess process;
    private final Path log;
    private @Nullable ConnectRest rest;

    private ConnectWorker(ChildProcess process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Describes a worker.
     *
     * @param directory where its configuration and log are written
     * @param bootstrapServers the broker
     * @param pluginPath a directory of plugin directories
     */
    public static Builder builder(Path directory, String bootstrapServers, Path pluginPath) {
        return new Builder(directory, bootstrapServers, pluginPath);
    }

    /** The worker's REST interface. */
    public synchronized ConnectRest rest() {
        if (rest == null) {
            throw new IllegalStateException("the worker has not started");
        }
        return rest;
    }

    /** The worker's process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether the process runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** The file with everything that the worker logged. */
    public Path logFile() {
        return log;
    }

    /** Everything that the worker logged so far. */
    public String logText() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    /** {@code kill -9}. */
    public void kill() {
        process.kill();
    }

    /** {@code SIGSTOP}: the worker freezes, and its group believes it dead after the session timeout. */
    public void suspend() {
        process.suspend();
    }

    /** {@code SIGCONT}. */
    public void resume() {
        process.resume();
    }

    /** Ends the worker cleanly: tasks commit and close, the worker leaves its group. */
    public void stop() {
        process.terminate(STOP_TIMEOUT);
    }

    @Override
    public void close() {
        process.close();
    }

    private void awaitRest() {
        Waiting.until("the Connect worker, log " + log, START_TIMEOUT, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("the worker has ended");
            }
            Matcher matcher = REST_ADDRESS.matcher(logText());
            if (!matcher.find()) {
                return false;
            }
            ConnectRest found = new ConnectRest(URI.create(matcher.group(1)));
            found.connectors();
            synchronized (this) {
                rest = found;
            }
            return true;
        });
    }

    /** Describes a worker; every setting of the worker can be overridden. Confined to one thread. */
    public static final class Builder {
        private final Path directory;
        private final Map<String, String> settings = new HashMap<>();
        private final List<String> jvmArguments = new ArrayList<>(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"));
        private String classPath = WorkerClassPath.ofThisJvm();

        private Builder(Path directory, String bootstrapServers, Path pluginPath) {
            this.directory = directory;
            settings.put("bootstrap.servers", bootstrapServers);
            settings.put("plugin.path", pluginPath.toAbsolutePath().toString());
            settings.put("plugin.discovery", "service_load");
            settings.put("listeners", "http://127.0.0.1:0");
            settings.put("group.id", "firn-test-workers");
            for (String role : List.of("config", "offset", "status")) {
                settings.put(role + ".storage.topic", "connect-" + role + "s");
                settings.put(role + ".storage.replication.factor", "1");
            }
            settings.put("offset.storage.partitions", "1");
            settings.put("status.storage.partitions", "1");
            settings.put("offset.flush.interval.ms", "1000");
            settings.put("scheduled.rebalance.max.delay.ms", "0");
            // the least that a broker allows: nobody waits long for a worker that was killed
            settings.put("session.timeout.ms", "6000");
            settings.put("heartbeat.interval.ms", "1000");
            settings.put("task.shutdown.graceful.timeout.ms", "10000");
            for (String part : List.of("key", "value", "header")) {
                settings.put(part + ".converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
            }
        }

        /** Sets a worker property. */
        public Builder property(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** Sets several worker properties. */
        public Builder properties(Map<String, String> properties) {
            settings.putAll(properties);
            return this;
        }

        /** Adds an argument of the worker's JVM; a later one overrides an earlier one ({@code -Xmx512m}). */
        public Builder jvmArgument(String argument) {
            jvmArguments.add(argument);
            return this;
        }

        /** Runs the worker's JVM with the flags of Kafka's start script: for measuring. */
        public Builder stockJvm() {
            jvmArguments.addAll(List.of(
                    "-XX:TieredStopAtLevel=4",
                    "-Xms256M",
                    "-Xmx2G",
                    "-XX:+UseG1GC",
                    "-XX:MaxGCPauseMillis=20",
                    "-XX:InitiatingHeapOccupancyPercent=35"));
            return this;
        }

        /** Replaces the class path of the worker, which by default is the Kafka part of this JVM's class path. */
        public Builder classPath(String entries) {
            this.classPath = entries;
            return this;
        }

        /** Starts the worker and waits until its REST interface answers. */
        public ConnectWorker start() {
            try {
                Files.createDirectories(directory);
                int number = NUMBER.incrementAndGet();
                Path config = directory.resolve("worker-" + number + ".properties");
                Files.write(config, lines(settings));
                Path logging = directory.resolve("worker-log4j2.properties");
                Files.write(logging, lines(logging()));
                Path log = Files.createFile(directory.resolve("worker-" + number + ".log"));
                ChildProcess process = ChildProcess.start(command(config, logging), directory, log);
                ConnectWorker worker = new ConnectWorker(process, log);
                try {
                    worker.awaitRest();
                } catch (RuntimeException e) {
                    worker.close();
                    throw e;
                }
                return worker;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start a worker in " + directory, e);
            }
        }

        private List<String> command(Path config, Path logging) {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvmArguments);
            command.add("-Dlog4j2.configurationFile=" + logging.toAbsolutePath());
            command.add("-cp");
            command.add(classPath);
            command.add("org.apache.kafka.connect.cli.ConnectDistributed");
            command.add(config.toAbsolutePath().toString());
            return command;
        }

        private static Map<String, String> logging() {
            return Map.of(
                    "appender.console.type", "Console",
                    "appender.console.name", "console",
                    "appender.console.layout.type", "PatternLayout",
                    "appender.console.layout.pattern", "%d{HH:mm:ss.SSS} %-5p [%t] %c{1}: %m%n",
                    "rootLogger.level", "info",
                    "rootLogger.appenderRef.console.ref", "console",
                    "logger.config.name", "org.apache.kafka.clients",
                    "logger.config.level", "warn");
        }

        private static List<String> lines(Map<String, String> properties) {
            return new TreeMap<>(properties)
                    .entrySet().stream()
                            .map(entry -> entry.getKey() + "="
                                    + entry.getValue().replace("\\", "\\\\").replace("\n", "\\n"))
                            .toList();
        }
    }
}
