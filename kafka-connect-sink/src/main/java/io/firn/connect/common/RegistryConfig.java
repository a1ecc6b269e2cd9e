package io.firn.connect.common;

import io.firn.registry.RegistryOption;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/**
 * The settings of a registry client as options of a connector or converter: the engine names, documents and checks
 * them. Thread-safe: no state.
 */
public final class RegistryConfig {
    private RegistryConfig() {}

    /**
     * Adds the options to definitions.
     *
     * @param urlImportance that of the one that switches the registry on
     * @param group title of the options
     * @param order the last number that is taken in the group
     * @return the same with these options
     */
    public static int define(ConfigDef def, Importance urlImportance, String group, int order) {
        int last = order;
        for (RegistryOption option : RegistryOption.values()) {
            boolean secret = option.isSecret();
            def.define(
                    option.key(),
                    secret ? ConfigDef.Type.PASSWORD : ConfigDef.Type.STRING,
                    secret ? null : option.defaultText(),
                    secret ? null : ConfigRules.parsedBy("see the documentation", option::check),
                    option == RegistryOption.URL ? urlImportance : Importance.LOW,
                    option.documentation(),
                    group,
                    ++last,
                    Width.MEDIUM,
                    option.key());
        }
        return last;
    }
}
