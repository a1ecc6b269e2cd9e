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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A real distributed Connect worker in its own process, with a REST port of its own.
 *
 * <p>It sees plugins only through {@code plugin.path} and with {@code plugin.discovery=service_load}. Thread-safe.
 */
public final class ConnectWorker implements TestWorker {
    private static final Pattern REST_ADDRESS =
            Pattern.compile("REST server listening at (http://127\\.0\\.0\\.1:\\d+)/");
    private static final Duration START_TIMEOUT = Duration.ofMinutes(4);
    private static final Duration STOP_TIMEOUT = Duration.ofMinutes(3);
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

    @Override
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

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    /** The file with everything that the worker logged. */
    public Path logFile() {
        return log;
    }

    @Override
    public String logText() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    @Override
    public void kill() {
        process.kill();
    }

    @Override
    public void suspend() {
        process.suspend();
    }

    @Override
    public void resume() {
        process.resume();
    }

    @Override
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
            settings.putAll(WorkerSettings.of(
                    bootstrapServers, pluginPath.toAbsolutePath().toString()));
            settings.put("listeners", "http://127.0.0.1:0");
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
                WorkerSettings.write(config, settings);
                Path logging = directory.resolve("worker-log4j2.properties");
                WorkerSettings.write(logging, WorkerSettings.LOGGING);
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
    }
}
