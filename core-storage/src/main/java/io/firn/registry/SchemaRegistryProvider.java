package io.firn.registry;

import java.util.Map;

/**
 * Makes clients of another kind of registry; found by {@link java.util.ServiceLoader} and chosen by
 * {@code schema.registry.provider}. Thread-safe.
 */
public interface SchemaRegistryProvider {
    /** What {@code schema.registry.provider} calls it; not {@code confluent}. */
    String name();

    /**
     * Opens a client.
     *
     * @param settings all settings of the caller, by name; secrets among them
     * @throws io.firn.error.ConfigException when a setting is wrong, naming the remedy
     */
    SchemaRegistry open(Map<String, String> settings);
}
