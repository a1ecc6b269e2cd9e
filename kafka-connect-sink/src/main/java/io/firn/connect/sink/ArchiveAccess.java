package io.firn.connect.sink;

import io.firn.connect.common.ConfigRules;
import io.firn.error.FirnException;
import io.firn.table.AllowedRoots;
import io.firn.table.ArchivePin;
import io.firn.table.ArchiveRoot;
import io.firn.table.TableEnvironment;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/**
 * Which archive a connector may use: one in a directory that the worker's operator allows, and the pinned one.
 *
 * <p>Immutable; thread-safe.
 */
final class ArchiveAccess {
    /** Option with the id that the archive must have. */
    static final String PIN = "firn.archive.id";

    private final AllowedRoots allowed;
    private final TableEnvironment files;

    ArchiveAccess(AllowedRoots allowed, TableEnvironment files) {
        this.allowed = allowed;
        this.files = files;
    }

    /** Adds the option to the definitions. */
    static void define(ConfigDef definition, String group, int order) {
        definition.define(
                PIN,
                ConfigDef.Type.STRING,
                "",
                ConfigRules.parsedBy("an id, or empty", text -> ArchivePin.parse(PIN, text)),
                Importance.MEDIUM,
                "Id that the archive must have, as firn archive-id <path> shows it. A worker that sees no archive or"
                        + " another one at " + FirnSinkConfig.PATH + ", for example because a disk is not mounted, then"
                        + " fails instead of starting a new one. Empty: a missing archive is made.",
                group,
                order,
                Width.MEDIUM,
                PIN);
    }

    /**
     * Opens the archive, or makes it when that is allowed.
     *
     * @throws io.firn.error.ConfigException when the configuration names a forbidden path or another archive
     */
    ArchiveRoot openOrCreate(FirnSinkConfig config) {
        checkPath(config);
        return pin(config).openOrCreate(files, config.path());
    }

    /** Refuses a forbidden path and another archive; changes nothing. */
    void check(FirnSinkConfig config) {
        checkPath(config);
        pin(config).check(files, config.path());
    }

    /** Refuses a path that an option leads to. */
    void check(String option, Path path) {
        allowed.check(option, path);
    }

    /** The path as it was written: what .. means depends on links. */
    private void checkPath(FirnSinkConfig config) {
        check(FirnSinkConfig.PATH, Path.of(config.getString(FirnSinkConfig.PATH)));
    }

    /** Adds what is wrong to the result of the other checks, when those found nothing. */
    static Config complete(Config validated, Map<String, String> properties, SinkEnvironment environment) {
        if (validated.configValues().stream()
                .anyMatch(value -> !value.errorMessages().isEmpty())) {
            return validated;
        }
        FirnSinkConfig config = new FirnSinkConfig(properties);
        String option = FirnSinkConfig.PATH;
        try {
            ArchiveAccess access = environment.access(config);
            access.checkPath(config);
            option = PIN;
            pin(config).check(access.files, config.path());
        } catch (FirnException e) {
            String refused = option;
            validated.configValues().stream()
                    .filter(value -> value.name().equals(refused))
                    .forEach(value -> value.addErrorMessage(String.valueOf(e.getMessage())));
        }
        return validated;
    }

    private static ArchivePin pin(FirnSinkConfig config) {
        return ArchivePin.parse(PIN, config.getString(PIN));
    }
}
