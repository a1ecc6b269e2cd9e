package io.firn.connect.testing.containers;

import io.firn.connect.testing.BrokerSettings;
import io.firn.connect.testing.TestBroker;
import java.util.Locale;
import org.testcontainers.containers.Network;
import org.testcontainers.kafka.KafkaContainer;

/** A broker in a container, with one listener for this JVM and one for the other containers. Thread-safe. */
final class ContainerBroker implements TestBroker {
    private static final String INSIDE = "kafka:19092";

    private final KafkaContainer container;

    private ContainerBroker(KafkaContainer container) {
        this.container = container;
    }

    static ContainerBroker start(Network network) {
        KafkaContainer container =
                new KafkaContainer(ContainerImages.kafka()).withNetwork(network).withListener(INSIDE);
        BrokerSettings.OF_TESTS.forEach((name, value) ->
                container.withEnv("KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        container.start();
        return new ContainerBroker(container);
    }

    @Override
    public String bootstrapServers() {
        return container.getBootstrapServers();
    }

    @Override
    public String workersBootstrapServers() {
        return INSIDE;
    }

    @Override
    public void close() {
        container.stop();
    }
}
