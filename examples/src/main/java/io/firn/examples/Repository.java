package io.firn.examples;

import java.nio.file.Path;

/**
 * The repository in which an example runs, built with {@code mvn package}.
 *
 * <p>Immutable; thread-safe.
 *
 * @param root its directory
 */
public record Repository(Path root) {
    /**
     * Finds the repository.
     *
     * @param workingDirectory the repository or its {@code examples} directory
     */
    public static Repository around(Path workingDirectory) {
        Path parent = workingDirectory.getParent();
        return new Repository(parent != null && workingDirectory.endsWith("examples") ? parent : workingDirectory);
    }

    /** The directory that holds the sink's plugin directory. */
    public Path sinkPlugins() {
        return root.resolve("kafka-connect-sink/target/plugin");
    }

    /** The directory that holds the source's plugin directory. */
    public Path sourcePlugins() {
        return root.resolve("kafka-connect-source/target/plugin");
    }
}
