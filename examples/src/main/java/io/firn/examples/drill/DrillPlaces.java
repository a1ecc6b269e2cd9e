package io.firn.examples.drill;

import io.firn.examples.Directories;
import io.firn.examples.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the drill finds the plugins and leaves its output.
 *
 * <p>Immutable; thread-safe.
 *
 * @param repository the one that was built
 * @param target what is written goes below this directory
 */
public record DrillPlaces(Repository repository, Path target) {
    /** The places of a new run: what an earlier one left is deleted. */
    public static DrillPlaces fresh(Repository repository, Path target) throws IOException {
        if (!Files.isDirectory(repository.sinkPlugins()) || !Files.isDirectory(repository.sourcePlugins())) {
            throw new IOException("no plugins in " + repository.root() + "; build them first: mvn package");
        }
        Directories.delete(target);
        Files.createDirectories(target);
        return new DrillPlaces(repository, target);
    }

    /** Everything of one cluster: its broker's data, its worker's configuration and log. */
    Path cluster(String name) {
        return target.resolve(name + "-cluster");
    }

    /** The archive root, which outlives the cluster. */
    Path archive() {
        return target.resolve("archive");
    }

    /** The table of a topic. */
    Path table(String topic) {
        return archive().resolve(topic);
    }

    /** Where the consumer groups stood, as {@code firn offsets save} writes it. */
    Path savedGroups() {
        return target.resolve("groups.json");
    }

    /** Where the groups of a topic go, as {@code firn offsets plan} writes it. */
    Path plan(String topic) {
        return target.resolve("plan-" + topic + ".json");
    }

    /** The new schema registry, for the commands. */
    Path registryProperties() {
        return target.resolve("registry.properties");
    }
}
