package io.firn.examples.drill;

import io.firn.connect.testing.ConnectRest;
import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.EmbeddedBroker;
import io.firn.examples.Directories;
import io.firn.examples.Repository;
import io.firn.registry.SchemaRegistries;
import io.firn.registry.SchemaRegistry;
import io.firn.testing.StubRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A broker, a schema registry and a Connect worker: real ones, but for the registry, which speaks the Confluent REST
 * protocol and keeps its schemas in memory.
 *
 * <p>Confined to one thread.
 */
final class DrillCluster implements AutoCloseable {
    /** The cleaner of compacted topics looks often, so that the drill need not wait for it. */
    private static final Map<String, String> BROKER = Map.of("log.cleaner.backoff.ms", "200");

    private final Path directory;
    private final EmbeddedBroker broker;
    private final StubRegistry registryServer;
    private final SchemaRegistry registry;
    private @Nullable ConnectWorker worker;

    private DrillCluster(Path directory, EmbeddedBroker broker, int firstSchemaId) {
        this.directory = directory;
        this.broker = broker;
        this.registryServer = StubRegistry.start(firstSchemaId);
        this.registry = SchemaRegistries.open(Map.of("schema.registry.url", registryServer.url()))
                .orElseThrow();
    }

    /**
     * Starts a broker and a registry without topics and schemas.
     *
     * @param directory of the broker and the worker
     * @param firstSchemaId the id that the first schema gets
     */
    static DrillCluster start(Path directory, int firstSchemaId) {
        return new DrillCluster(directory, EmbeddedBroker.start(directory.resolve("broker"), BROKER), firstSchemaId);
    }

    /** Starts the worker, with exactly-once support for sources. */
    ConnectRest startWorker(Repository repository) {
        ConnectWorker started = ConnectWorker.builder(
                        directory.resolve("worker"), broker.bootstrapServers(), repository.sinkPlugins())
                .property("plugin.path", repository.sinkPlugins() + "," + repository.sourcePlugins())
                .property("exactly.once.source.support", "enabled")
                .property("group.id", "firn-drill")
                .start();
        worker = started;
        return started.rest();
    }

    EmbeddedBroker broker() {
        return broker;
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** A client of the registry. */
    SchemaRegistry registry() {
        return registry;
    }

    String registryUrl() {
        return registryServer.url();
    }

    /** Ends everything and deletes what it had on disk; the registry's schemas are gone with it. */
    void destroy() throws IOException {
        close();
        Directories.delete(directory);
    }

    @Override
    public void close() {
        ConnectWorker present = worker;
        worker = null;
        if (present != null) {
            present.close();
        }
        registry.close();
        registryServer.close();
        broker.close();
    }
}
