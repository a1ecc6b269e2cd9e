package io.firn.connect.source;

import io.firn.compress.ZstdLibrary;
import io.firn.error.ConfigException;
import io.firn.error.FirnException;
import io.firn.registry.RegistryOption;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;

/**
 * The checks of a whole configuration, which no single option can make.
 *
 * <p>Thread-safe.
 */
final class ConnectorCheck {
    private ConnectorCheck() {}

    /** Adds what is wrong across options to the result of the checks of single options. */
    static Config complete(Config config, Map<String, String> connectorConfig) {
        Converters.problems(connectorConfig).forEach((option, problem) -> {
            if (config.configValues().stream().anyMatch(value -> value.name().equals(option))) {
                addError(config.configValues(), option, problem);
            } else {
                ConfigValue value = new ConfigValue(option);
                value.addErrorMessage(problem);
                config.configValues().add(value);
            }
        });
        checkRange(config.configValues(), connectorConfig);
        Set<String> bad = config.configValues().stream()
                .filter(value -> !value.errorMessages().isEmpty())
                .map(ConfigValue::name)
                .collect(Collectors.toSet());
        new ReplayChecks(connectorConfig, bad)
                .problems()
                .forEach((option, problem) -> addError(config.configValues(), option, problem));
        checkZstd(config.configValues());
        checkRegistry(config.configValues(), connectorConfig);
        return config;
    }

    private static void checkRange(List<ConfigValue> values, Map<String, String> connectorConfig) {
        OptionalLong fromMs = bound(connectorConfig, FirnSourceConfig.FROM);
        OptionalLong toMs = bound(connectorConfig, FirnSourceConfig.TO);
        if (fromMs.isPresent() && toMs.isPresent() && fromMs.getAsLong() >= toMs.getAsLong()) {
            addError(
                    values,
                    FirnSourceConfig.TO,
                    "Invalid value '" + connectorConfig.get(FirnSourceConfig.TO) + "' for '" + FirnSourceConfig.TO
                            + "': the range ends before it starts; make it later than " + FirnSourceConfig.FROM + "="
                            + connectorConfig.get(FirnSourceConfig.FROM) + ".");
        }
    }

    /** A bound that does not parse has its own error already. */
    private static OptionalLong bound(Map<String, String> connectorConfig, String option) {
        try {
            return TimeBound.parseMs(connectorConfig.getOrDefault(option, ""));
        } catch (IllegalArgumentException e) {
            return OptionalLong.empty();
        }
    }

    /** Only when each option is valid by itself. */
    private static void checkRegistry(List<ConfigValue> values, Map<String, String> connectorConfig) {
        if (values.stream().anyMatch(value -> !value.errorMessages().isEmpty())) {
            return;
        }
        try {
            String problem = RemapOptions.problem(new FirnSourceConfig(connectorConfig));
            if (!problem.isEmpty()) {
                addError(values, RemapOptions.REMAP, problem);
            }
        } catch (FirnException e) {
            addError(values, RegistryOption.URL.key(), String.valueOf(e.getMessage()));
        }
    }

    private static void checkZstd(List<ConfigValue> values) {
        try {
            ZstdLibrary.ensureLoaded();
        } catch (ConfigException e) {
            addError(values, FirnSourceConfig.PATH, String.valueOf(e.getMessage()));
        }
    }

    private static void addError(List<ConfigValue> values, String option, String message) {
        values.stream().filter(value -> value.name().equals(option)).forEach(value -> value.addErrorMessage(message));
    }
}
