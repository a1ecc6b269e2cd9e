package io.firn.connect.source;

import io.firn.connect.common.ConfigRules;
import io.firn.error.ConfigException;
import io.firn.error.FirnException;
import io.firn.table.AllowedRoots;
import io.firn.table.ArchivePin;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigValue;

/**
 * Which archive a connector may read: one in a directory that the worker's operator allows, and the pinned one.
 *
 * <p>Thread-safe.
 */
final class SourceAccess {
    /** Option with the id that the archive must have. */
    static final String PIN = "firn.archive.id";

    /** What the environment of this process allows. */
    static final SourceAccess OF_PROCESS = new SourceAccess(AllowedRoots::ofProcess);

    private final Supplier<AllowedRoots> allowed;

    /** Creates rules; the directories are asked for anew each time. */
    SourceAccess(Supplier<AllowedRoots> allowed) {
        this.allowed = allowed;
    }

    /** Adds the option to the definitions. */
    static ConfigDef define(ConfigDef definition, String group, int order) {
        return definition.define(
                PIN,
                ConfigDef.Type.STRING,
                "",
                ConfigRules.parsedBy("an id, or empty", text -> ArchivePin.parse(PIN, text)),
                Importance.MEDIUM,
                "Id that the archive must have, as firn archive-id <path> shows it. A worker that sees no archive or"
                        + " another one at " + FirnSourceConfig.PATH + " then fails. Empty: any directory with tables.",
                group,
                order,
                Width.MEDIUM,
                "Archive id");
    }

    /**
     * Refuses a forbidden path and another archive.
     *
     * @throws ConfigException with what to do
     */
    void check(FirnSourceConfig config) {
        checkPath(config);
        checkPin(config);
    }

    private void checkPath(FirnSourceConfig config) {
        check(FirnSourceConfig.PATH, config.path());
    }

    private static void checkPin(FirnSourceConfig config) {
        ArchivePin.parse(PIN, config.getString(PIN)).check(config.environment(), config.path());
    }

    /** Refuses a path that an option leads to. */
    void check(String option, Path path) {
        allowed.get().check(option, path);
    }

    /** Adds what is wrong to the result of the other checks, when those found nothing. */
    Config complete(Config validated, Map<String, String> properties) {
        List<ConfigValue> values = validated.configValues();
        if (values.stream().anyMatch(value -> !value.errorMessages().isEmpty())) {
            return validated;
        }
        FirnSourceConfig config = new FirnSourceConfig(properties);
        String option = FirnSourceConfig.PATH;
        try {
            checkPath(config);
            option = PIN;
            checkPin(config);
        } catch (FirnException e) {
            String refused = option;
            values.stream()
                    .filter(value -> value.name().equals(refused))
                    .forEach(value -> value.addErrorMessage(String.valueOf(e.getMessage())));
        }
        return validated;
    }
}
