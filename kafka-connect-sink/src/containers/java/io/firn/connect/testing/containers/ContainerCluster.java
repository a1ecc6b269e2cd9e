package io.firn.connect.testing.containers;

import io.firn.connect.testing.TestBroker;
import io.firn.connect.testing.TestCluster;
import io.firn.connect.testing.TestRegistry;
import io.firn.connect.testing.TestWorker;
import io.firn.connect.testing.WorkerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.containers.Network;

/**
 * Containers in a network of their own. Workers find the plugins that the zips of the modules hold.
 *
 * <p>The directory is mounted into the workers under its own path: this JVM reads what they write while they write it,
 * so the engine must run on this machine. Thread-safe.
 */
final class ContainerCluster implements TestCluster {
    private final Path directory;
    private final Network network;
    private final ContainerBroker broker;
    private final AtomicInteger workers = new AtomicInteger();

    private ContainerCluster(Path directory, Network network, ContainerBroker broker) {
        this.directory = directory;
        this.network = network;
        this.broker = broker;
    }

    static ContainerCluster start(Path directory) {
        Network network = Network.newNetwork();
        try {
            return new ContainerCluster(directory.toAbsolutePath(), network, ContainerBroker.start(network));
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    @Override
    public TestBroker broker() {
        return broker;
    }

    @Override
    public TestWorker startWorker(List<Path> modules, Map<String, String> properties) {
        try {
            String name = "worker-" + workers.incrementAndGet();
            Path own = Files.createDirectories(directory.resolve(name));
            Path plugins = Files.createDirectory(own.resolve("plugins"));
            for (Path module : modules) {
                PluginZip.of(module).unpack(plugins);
            }
            Map<String, String> settings =
                    new HashMap<>(WorkerSettings.of(broker.workersBootstrapServers(), plugins.toString()));
            settings.put("listeners", ContainerWorker.listener());
            settings.put("rest.advertised.host.name", name);
            settings.putAll(properties);
            Path config = own.resolve("worker.properties");
            WorkerSettings.write(config, settings);
            Path logging = own.resolve("log4j2.properties");
            WorkerSettings.write(logging, WorkerSettings.LOGGING);
            return ContainerWorker.start(network, name, directory, config, logging);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a worker for " + directory, e);
        }
    }

    @Override
    public TestRegistry startRegistry() {
        return ContainerRegistry.start(network);
    }

    @Override
    public void close() {
        broker.close();
        network.close();
    }
}
