package io.firn.connect.avro;

import io.firn.connect.common.RegistryConfig;
import io.firn.error.FirnException;
import io.firn.registry.RegistryOption;
import io.firn.registry.SchemaRegistries;
import io.firn.registry.SchemaRegistry;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;

/** The options of {@link FirnAvroConverter}, under the names that Confluent's has. Thread-safe: no state. */
final class AvroConverterOptions {
    static final String REGISTER = "auto.register.schemas";

    private AvroConverterOptions() {}

    static ConfigDef definition() {
        ConfigDef definition = new ConfigDef()
                .define(
                        REGISTER,
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.MEDIUM,
                        "Whether a schema that the registry does not have under the subject is registered there;"
                                + " otherwise it is an error.");
        RegistryConfig.define(definition, Importance.HIGH, "Schema registry", 0);
        return definition;
    }

    static AbstractConfig parse(Map<String, ?> configs) {
        return new AbstractConfig(definition(), configs, false);
    }

    /** Opens the registry that is named; nothing is sent. */
    static SchemaRegistry open(Map<String, ?> configs) {
        Map<String, String> settings = new HashMap<>();
        configs.forEach((key, value) -> {
            if (value != null) {
                settings.put(key, value.toString());
            }
        });
        try {
            return SchemaRegistries.open(settings)
                    .orElseThrow(() -> new ConfigException(
                            "Missing '" + RegistryOption.URL.key() + "': the converter needs a schema registry"));
        } catch (FirnException wrong) {
            throw new ConfigException(wrong.getMessage());
        }
    }
}
