package io.firn.connect.source;

import io.firn.connect.common.ConfigRules;
import io.firn.connect.common.RegistryConfig;
import io.firn.registry.RegistryOption;
import io.firn.registry.SchemaRegistries;
import io.firn.schema.SubjectNames;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;

/**
 * The options of schema ids in keys and values, and of the registry that the target topics belong to.
 *
 * <p>Thread-safe.
 */
final class RemapOptions {
    static final String REMAP = "schema.id.remap";
    static final String SUBJECT = "schema.id.remap.subject";
    static final String UNKNOWN = "schema.id.remap.unknown";

    private static final String GROUP = "Schema registry";

    /** What happens to ids in keys and values. */
    enum Remap {
        /** The bytes stay as they are. */
        OFF,
        /** The schemas are registered, and their new ids take the place of the old ones. */
        REGISTRY
    }

    /** What happens to an id whose schema the archive does not keep. */
    enum Unknown {
        /** The task fails. */
        FAIL,
        /** The bytes stay as they are. */
        KEEP
    }

    private RemapOptions() {}

    static Remap remap(AbstractConfig config) {
        return ConfigRules.choice(Remap.class, config.getString(REMAP));
    }

    static SubjectNames subjects(AbstractConfig config) {
        return ConfigRules.choice(SubjectNames.class, config.getString(SUBJECT));
    }

    static Unknown unknown(AbstractConfig config) {
        return ConfigRules.choice(Unknown.class, config.getString(UNKNOWN));
    }

    /**
     * What is wrong with the settings together; empty when nothing is. Nothing is sent.
     *
     * @throws io.firn.error.FirnException when a setting of the registry is wrong
     */
    static String problem(AbstractConfig config) {
        boolean named = SchemaRegistries.check(config.originalsStrings());
        return named || remap(config) == Remap.OFF
                ? ""
                : "Invalid value 'registry' for '" + REMAP + "': set " + RegistryOption.URL.key()
                        + " to the registry of the target topics, or " + REMAP + "=off.";
    }

    static void define(ConfigDef def) {
        int order = 0;
        define(
                def,
                ++order,
                REMAP,
                "off",
                ConfigRules.choices(Remap.class),
                "Keys and values in Confluent's wire format (a byte 0, the schema's id, the data): off replays the"
                        + " bytes as they are; registry registers the schemas that the archive keeps in the registry of"
                        + " schema.registry.url, first what they refer to, and writes their ids there into the bytes.");
        define(
                def,
                ++order,
                SUBJECT,
                "topic",
                ConfigRules.choices(SubjectNames.class),
                "Subject under which a schema is registered: topic (<target topic>-key or -value), record (the full"
                        + " name of the record), topic-record (<target topic>-<full name of the record>). What a schema"
                        + " refers to keeps its subject.");
        define(
                def,
                ++order,
                UNKNOWN,
                "fail",
                ConfigRules.choices(Unknown.class),
                "A record carries an id whose schema the archive does not keep, although it keeps others of these keys"
                        + " or values: fail ends the task, keep replays the bytes as they are. Where the archive keeps"
                        + " none at all, bytes are never changed.");
        RegistryConfig.define(def, Importance.MEDIUM, GROUP, order);
    }

    private static void define(
            ConfigDef def, int order, String name, String value, Validator check, String documentation) {
        def.define(
                name,
                ConfigDef.Type.STRING,
                value,
                check,
                Importance.MEDIUM,
                documentation,
                GROUP,
                order,
                Width.SHORT,
                name);
    }
}
