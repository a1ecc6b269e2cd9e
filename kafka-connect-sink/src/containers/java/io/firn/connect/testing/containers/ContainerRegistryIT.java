package io.firn.connect.testing.containers;

import io.firn.registry.SchemaRegistries;
import io.firn.registry.SchemaRegistry;
import io.firn.testing.SchemaRegistryContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.testcontainers.containers.Network;

/** The contract of registries on the one in a container. */
@Tag("containers")
class ContainerRegistryIT extends SchemaRegistryContract {
    private static Network network;
    private static ContainerRegistry registry;

    @BeforeAll
    static void start() {
        network = Network.newNetwork();
        registry = ContainerRegistry.start(network);
    }

    @AfterAll
    static void stop() {
        if (registry != null) {
            registry.close();
            network.close();
        }
    }

    @Override
    protected SchemaRegistry client() {
        return SchemaRegistries.open(Map.of("schema.registry.url", registry.url(), "schema.registry.max.retries", "0"))
                .orElseThrow();
    }
}
