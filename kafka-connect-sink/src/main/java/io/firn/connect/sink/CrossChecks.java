package io.firn.connect.sink;

import io.firn.compress.ZstdLibrary;
import io.firn.error.FirnException;
import io.firn.registry.RegistryOption;
import io.firn.registry.SchemaRegistries;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that look at more than one option, or at the host. Never throws: Connect shows the errors per option.
 *
 * <p>Thread-safe.
 */
final class CrossChecks {
    private static final Logger LOG = LoggerFactory.getLogger(CrossChecks.class);
    private static final String OVERRIDE = FirnSinkConfig.TABLE + ".";
    private static final List<String> OF_ALL_TABLES =
            List.of(FirnSinkConfig.PARTITION_FIELDS, FirnSinkConfig.PARTITION_ZONE, FirnSinkConfig.MISSING_FIELD);
    private static final String TASKS_MAX = "tasks.max";
    private static final String ISOLATION = "consumer.override.isolation.level";

    private CrossChecks() {}

    static Config apply(Config validated, Map<String, String> properties) {
        try {
            ZstdLibrary.ensureLoaded();
        } catch (FirnException e) {
            addError(validated, FirnSinkConfig.PATH, String.valueOf(e.getMessage()));
        }
        checkGapPolicy(validated, properties);
        CaptureOptions.problems(properties).forEach((option, problem) -> addError(validated, option, problem));
        checkMapping(validated, properties);
        checkTableOptions(validated, properties);
        checkSeries(validated, properties);
        checkRegistry(validated, properties);
        checkSharedFileSystem(validated, properties);
        warnAboutIsolation(properties);
        return validated;
    }

    private static void checkGapPolicy(Config validated, Map<String, String> properties) {
        boolean fail = "fail".equals(text(properties, FirnSinkConfig.OFFSET_GAP));
        if (fail && text(properties, FirnSinkConfig.SOURCE_SERVERS).isEmpty()) {
            addError(
                    validated,
                    FirnSinkConfig.OFFSET_GAP,
                    "Invalid value 'fail' for '" + FirnSinkConfig.OFFSET_GAP + "': without "
                            + FirnSinkConfig.SOURCE_SERVERS + " deleted records cannot be told from the gaps that"
                            + " transactions and compaction leave. Set " + FirnSinkConfig.SOURCE_SERVERS + " as well.");
        }
    }

    /** How records are divided is one for all tables of a connector. */
    private static void checkMapping(Config validated, Map<String, String> properties) {
        for (String name : new TreeSet<>(properties.keySet())) {
            for (String option : OF_ALL_TABLES) {
                if (name.startsWith(OVERRIDE) && name.endsWith("." + option)) {
                    addError(
                            validated,
                            option,
                            "Invalid option '" + name + "': " + option + " holds for all tables of a connector. Leave "
                                    + name + " out, and archive topics that are divided otherwise by a connector of"
                                    + " their own.");
                }
            }
        }
    }

    /** Options that contradict each other, and options of one table; only when each one is valid by itself. */
    private static void checkTableOptions(Config validated, Map<String, String> properties) {
        if (validated.configValues().stream()
                .anyMatch(value -> !value.errorMessages().isEmpty())) {
            return;
        }
        try {
            TableConfig.fromProperties(properties).warnings().forEach(warning -> LOG.warn("{}", warning));
            for (String table : tablesWithOptions(properties)) {
                TableConfig.fromProperties(properties, table);
            }
        } catch (FirnException e) {
            addError(validated, FirnSinkConfig.TABLE, String.valueOf(e.getMessage()));
        }
    }

    /** What samples are made of; only when each option is valid by itself. */
    private static void checkSeries(Config validated, Map<String, String> properties) {
        boolean series = "series".equals(text(properties, FirnSinkConfig.RECORD_FORMAT));
        boolean invalid = validated.configValues().stream()
                .anyMatch(value -> !value.errorMessages().isEmpty());
        if (!series || invalid) {
            return;
        }
        try {
            FirnSinkConfig config = new FirnSinkConfig(properties);
            config.sampleMapping();
            config.seriesStore(TableEnvironment.system());
        } catch (FirnException e) {
            addError(validated, FirnSinkConfig.RECORD_FORMAT, String.valueOf(e.getMessage()));
        }
    }

    /** Settings of the registry that do not fit together, and key stores; nothing is sent. */
    private static void checkRegistry(Config validated, Map<String, String> properties) {
        try {
            SchemaRegistries.check(properties);
        } catch (FirnException e) {
            boolean known = validated.configValues().stream()
                    .anyMatch(value -> value.errorMessages().contains(e.getMessage()));
            if (!known) {
                addError(validated, RegistryOption.URL.key(), String.valueOf(e.getMessage()));
            }
        }
    }

    /** Several tasks on a file system that is not known to be coherent; the tasks look again on their own hosts. */
    private static void checkSharedFileSystem(Config validated, Map<String, String> properties) {
        boolean invalid = validated.configValues().stream()
                .anyMatch(value -> !value.errorMessages().isEmpty());
        if (invalid
                || text(properties, TASKS_MAX).isEmpty()
                || text(properties, TASKS_MAX).equals("1")) {
            return;
        }
        FirnSinkConfig config = new FirnSinkConfig(properties);
        try {
            SinkEnvironment.system()
                    .tables(config)
                    .requireShareable(text(properties, TASKS_MAX) + " tasks cannot write to", config.path());
        } catch (FirnException e) {
            addError(validated, FirnSinkConfig.SHARED_FS, String.valueOf(e.getMessage()));
        }
    }

    private static Set<String> tablesWithOptions(Map<String, String> properties) {
        Set<String> tables = new TreeSet<>();
        for (String name : properties.keySet()) {
            for (TableOption option : TableOption.values()) {
                String suffix = "." + option.key();
                if (name.startsWith(OVERRIDE)
                        && name.endsWith(suffix)
                        && name.length() > OVERRIDE.length() + suffix.length()) {
                    tables.add(name.substring(OVERRIDE.length(), name.length() - suffix.length()));
                }
            }
        }
        return tables;
    }

    /** Connect has no warnings, and a worker's own consumer settings are not visible here: so only a log line. */
    private static void warnAboutIsolation(Map<String, String> properties) {
        if (!"read_committed".equals(text(properties, ISOLATION))) {
            LOG.warn(
                    "records of aborted transactions will be archived unless the worker sets"
                            + " consumer.isolation.level=read_committed: add {}=read_committed to connector={}",
                    ISOLATION,
                    properties.getOrDefault("name", "?"));
        }
    }

    private static String text(Map<String, String> properties, String name) {
        return properties.getOrDefault(name, "").trim().toLowerCase(Locale.ROOT);
    }

    private static void addError(Config config, String option, String message) {
        for (ConfigValue value : config.configValues()) {
            if (value.name().equals(option)) {
                value.addErrorMessage(message);
            }
        }
    }
}
