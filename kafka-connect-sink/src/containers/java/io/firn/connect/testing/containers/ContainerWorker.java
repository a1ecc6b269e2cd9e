package io.firn.connect.testing.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import io.firn.connect.testing.ConnectRest;
import io.firn.connect.testing.TestWorker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/** A worker in a container, which has the cluster's directory under the same path as this JVM. Thread-safe. */
final class ContainerWorker implements TestWorker {
    private static final int REST_PORT = 8083;
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final int STOP_TIMEOUT_SECONDS = 60;

    private final GenericContainer<?> container;
    private final ConnectRest rest;

    private ContainerWorker(GenericContainer<?> container) {
        this.container = container;
        this.rest =
                new ConnectRest(URI.create("http://" + container.getHost() + ":" + container.getMappedPort(REST_PORT)));
    }

    /**
     * Starts a worker.
     *
     * @param name its host name for other workers
     * @param shared the directory of the cluster, whose owner the worker runs as
     * @param config the worker's properties, below {@code shared}
     * @param logging properties for Log4j, below {@code shared}
     */
    static ContainerWorker start(Network network, String name, Path shared, Path config, Path logging)
            throws IOException {
        String owner = Files.getAttribute(shared, "unix:uid") + ":" + Files.getAttribute(shared, "unix:gid");
        GenericContainer<?> container = new GenericContainer<>(ContainerImages.kafka())
                .withNetwork(network)
                .withNetworkAliases(name)
                .withExposedPorts(REST_PORT)
                .withEnv("KAFKA_HEAP_OPTS", "-Xmx512m -XX:TieredStopAtLevel=1")
                .withEnv("KAFKA_LOG4J_OPTS", "-Dlog4j2.configurationFile=" + logging)
                .withEnv("LOG_DIR", "/tmp/logs")
                .withCommand("/opt/kafka/bin/connect-distributed.sh", config.toString())
                .withCreateContainerCmdModifier(create -> {
                    create.withUser(owner);
                    create.getHostConfig().withBinds(new Bind(shared.toString(), new Volume(shared.toString())));
                })
                .waitingFor(Wait.forHttp("/connectors").forPort(REST_PORT).withStartupTimeout(START_TIMEOUT));
        try {
            container.start();
        } catch (RuntimeException e) {
            throw new IllegalStateException("the worker did not start: " + container.getLogs(), e);
        }
        return new ContainerWorker(container);
    }

    /** Where the REST interface has to listen. */
    static String listener() {
        return "http://0.0.0.0:" + REST_PORT;
    }

    @Override
    public ConnectRest rest() {
        return rest;
    }

    @Override
    public boolean isAlive() {
        return Boolean.TRUE.equals(state().getRunning());
    }

    @Override
    public String logText() {
        return container.getLogs();
    }

    @Override
    public void kill() {
        if (!isAlive()) {
            return;
        }
        docker().killContainerCmd(container.getContainerId()).exec();
        docker().waitContainerCmd(container.getContainerId()).start().awaitStatusCode();
    }

    @Override
    public void suspend() {
        docker().pauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void resume() {
        docker().unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void stop() {
        docker().stopContainerCmd(container.getContainerId())
                .withTimeout(STOP_TIMEOUT_SECONDS)
                .exec();
    }

    @Override
    public void close() {
        if (container.getContainerId() == null) {
            return;
        }
        try {
            // an engine kills no container that is paused
            if (Boolean.TRUE.equals(state().getPaused())) {
                resume();
            }
        } catch (NotFoundException e) {
            return;
        }
        container.stop();
    }

    private ContainerState state() {
        return docker().inspectContainerCmd(container.getContainerId()).exec().getState();
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }
}
