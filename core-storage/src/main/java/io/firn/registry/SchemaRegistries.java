package io.firn.registry;

import io.firn.error.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** Opens the registry that settings name. Thread-safe: no state. */
public final class SchemaRegistries {
    private static final String OWN = RegistryOption.PROVIDER.defaultText();

    private SchemaRegistries() {}

    /**
     * Opens a client; nothing is sent yet.
     *
     * @param settings of the caller, by the names of {@link RegistryOption}; others are left to other providers
     * @return empty when no registry is named
     * @throws ConfigException when a setting is wrong, naming the remedy
     */
    public static Optional<SchemaRegistry> open(Map<String, String> settings) {
        String name = settings.getOrDefault(RegistryOption.PROVIDER.key(), OWN).strip();
        if (name.equals(ConfluentClientRegistry.NAME)) {
            return Optional.of(ConfluentClientRegistry.open(settings));
        }
        if (!name.equals(OWN)) {
            return Optional.of(provider(name).open(settings));
        }
        if (settings.getOrDefault(RegistryOption.URL.key(), "").isBlank()) {
            return Optional.empty();
        }
        return Optional.of(ConfluentRegistry.open(RegistrySettings.parse(settings)));
    }

    /**
     * Checks settings together, and that the chosen provider is there; nothing is sent.
     *
     * @return whether a registry is named
     * @throws ConfigException when a setting is wrong, naming the remedy
     */
    public static boolean check(Map<String, String> settings) {
        try (Closing opened = new Closing(open(settings))) {
            return opened.registry().isPresent();
        }
    }

    private static SchemaRegistryProvider provider(String name) {
        List<String> found = new ArrayList<>(List.of(OWN, ConfluentClientRegistry.NAME));
        ClassLoader plugins = SchemaRegistries.class.getClassLoader();
        for (SchemaRegistryProvider provider : ServiceLoader.load(SchemaRegistryProvider.class, plugins)) {
            if (provider.name().equals(name)) {
                return provider;
            }
            found.add(provider.name());
        }
        throw RegistryOption.PROVIDER.invalid(
                name, "there is none of that name beside this plugin, only " + String.join(", ", found));
    }

    private record Closing(Optional<SchemaRegistry> registry) implements AutoCloseable {
        @Override
        public void close() {
            registry.ifPresent(SchemaRegistry::close);
        }
    }
}
