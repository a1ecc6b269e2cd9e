package io.firn.connect.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * A broker, workers that load packaged plugins, and registries. All of them see one directory under the same path.
 *
 * <p>The system property {@code firn.cluster} says where they run: {@code embedded}, the default, has the broker in
 * this JVM and workers in processes; {@code containers} is there in a build with {@code -Pcontainers}. A test that
 * needs no more than this interface runs on both and has the tag {@code containers}. Thread-safe.
 */
public interface TestCluster extends AutoCloseable {
    /**
     * Starts the broker of the chosen kind.
     *
     * @param directory what workers share with this JVM; the broker may keep its data below it
     */
    static TestCluster start(Path directory) {
        String kind = System.getProperty("firn.cluster", EmbeddedCluster.KIND);
        if (kind.equals(EmbeddedCluster.KIND)) {
            return embedded(directory, Map.of());
        }
        return ServiceLoader.load(Provider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.kind().equals(kind))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "firn.cluster=" + kind + ": there is no such cluster in this build; add -P" + kind))
                .start(directory);
    }

    /**
     * Starts a broker in this JVM, whatever kind is chosen, for tests that need it otherwise than it usually is.
     *
     * @param settings of the broker beside the usual ones
     */
    static TestCluster embedded(Path directory, Map<String, String> settings) {
        return new EmbeddedCluster(directory, settings);
    }

    /** The broker. */
    TestBroker broker();

    /**
     * Starts a worker and waits until its REST interface answers.
     *
     * @param modules directories of modules whose packaged plugins the worker finds
     * @param properties settings of the worker beside the usual ones
     */
    TestWorker startWorker(List<Path> modules, Map<String, String> properties);

    /** Starts another empty registry; the caller closes it. */
    TestRegistry startRegistry();

    /** Ends the broker; workers and registries have to be closed before. */
    @Override
    void close();

    /** Starts clusters of one kind. Thread-safe. */
    interface Provider {
        /** The value of {@code firn.cluster}. */
        String kind();

        /** Starts a cluster. */
        TestCluster start(Path directory);
    }
}
