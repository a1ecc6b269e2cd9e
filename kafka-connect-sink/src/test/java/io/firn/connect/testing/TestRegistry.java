package io.firn.connect.testing;

/** An empty schema registry that speaks Confluent's protocol, wherever it runs. Thread-safe. */
public interface TestRegistry extends AutoCloseable {
    /** The address for clients in this JVM. */
    String url();

    /** The address for workers: what belongs into the configuration of a connector. */
    String workersUrl();

    /** Ends the registry; nobody answers at its addresses any more. */
    @Override
    void close();
}
