package io.firn.connect.sink;

import io.firn.registry.RegistryOption;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.jspecify.annotations.Nullable;

/** The settings of a registry client as options of the connector: the engine names, documents and checks them. */
final class RegistryOptions {
    private RegistryOptions() {}

    static ConfigDef.Type type(RegistryOption option) {
        return option.isSecret() ? ConfigDef.Type.PASSWORD : ConfigDef.Type.STRING;
    }

    static @Nullable String defaultOf(RegistryOption option) {
        return option.isSecret() ? null : option.defaultText();
    }

    static @Nullable Validator check(RegistryOption option) {
        return option.isSecret() ? null : ConfigRules.parsedBy("see the documentation", option::check);
    }

    static ConfigDef.Importance importance(RegistryOption option) {
        return option == RegistryOption.URL ? ConfigDef.Importance.MEDIUM : ConfigDef.Importance.LOW;
    }
}
