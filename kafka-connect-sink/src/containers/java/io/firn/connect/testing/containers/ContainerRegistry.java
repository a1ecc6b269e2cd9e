package io.firn.connect.testing.containers;

import io.firn.connect.testing.TestRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/** A registry in a container, which forgets everything at its end. Thread-safe. */
final class ContainerRegistry implements TestRegistry {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final int PORT = 8080;
    private static final String PATH = "/apis/ccompat/v7";

    private final GenericContainer<?> container;
    private final String url;
    private final String workersUrl;

    private ContainerRegistry(GenericContainer<?> container, String name) {
        this.container = container;
        this.url = "http://" + container.getHost() + ":" + container.getMappedPort(PORT) + PATH;
        this.workersUrl = "http://" + name + ":" + PORT + PATH;
    }

    static ContainerRegistry start(Network network) {
        String name = "registry-" + NUMBER.incrementAndGet();
        GenericContainer<?> container = new GenericContainer<>(ContainerImages.registry())
                .withNetwork(network)
                .withNetworkAliases(name)
                .withExposedPorts(PORT)
                .waitingFor(Wait.forHttp(PATH + "/subjects").forPort(PORT).withStartupTimeout(START_TIMEOUT));
        container.start();
        return new ContainerRegistry(container, name);
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public String workersUrl() {
        return workersUrl;
    }

    @Override
    public void close() {
        container.stop();
    }
}
