package io.firn.connect.testing.containers;

import org.testcontainers.utility.DockerImageName;

/** The images, as {@code -Dcontainers.kafka.image} and {@code -Dcontainers.registry.image} name them. */
final class ContainerImages {
    private static final String KAFKA = "apache/kafka";

    private ContainerImages() {}

    /** Kafka with its scripts in {@code /opt/kafka/bin}, made for the environment variables of {@code apache/kafka}. */
    static DockerImageName kafka() {
        return named("firn.containers.kafka.image").asCompatibleSubstituteFor(KAFKA);
    }

    /** A registry that answers on port 8080 below {@code /apis/ccompat/v7}. */
    static DockerImageName registry() {
        return named("firn.containers.registry.image");
    }

    private static DockerImageName named(String property) {
        String name = System.getProperty(property, "");
        if (name.isEmpty()) {
            throw new IllegalStateException(
                    "the system property " + property + " is missing: run Maven with -Pcontainers");
        }
        return DockerImageName.parse(name);
    }
}
