package io.firn.connect.testing;

import io.firn.testing.StubRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** The broker and registries in this JVM, workers in processes of their own. Thread-safe. */
final class EmbeddedCluster implements TestCluster {
    static final String KIND = "embedded";

    /** Ids of different registries are far from each other. */
    private static final int IDS_OF_A_REGISTRY = 5_000;

    private final Path directory;
    private final EmbeddedBroker broker;
    private final AtomicInteger registries = new AtomicInteger();

    EmbeddedCluster(Path directory, Map<String, String> settings) {
        this.directory = directory;
        this.broker = EmbeddedBroker.start(directory.resolve("broker"), settings);
    }

    @Override
    public TestBroker broker() {
        return broker;
    }

    @Override
    public TestWorker startWorker(List<Path> modules, Map<String, String> properties) {
        String pluginPath = modules.stream()
                .map(module -> module.resolve("target/plugin")
                        .toAbsolutePath()
                        .normalize()
                        .toString())
                .collect(Collectors.joining(","));
        return ConnectWorker.builder(directory.resolve("worker"), broker.bootstrapServers(), directory)
                .property("plugin.path", pluginPath)
                .properties(properties)
                .start();
    }

    @Override
    public TestRegistry startRegistry() {
        StubRegistry stub = StubRegistry.start(1 + IDS_OF_A_REGISTRY * registries.getAndIncrement());
        return new TestRegistry() {
            @Override
            public String url() {
                return stub.url();
            }

            @Override
            public String workersUrl() {
                return stub.url();
            }

            @Override
            public void close() {
                stub.close();
            }
        };
    }

    @Override
    public void close() {
        broker.close();
    }
}
