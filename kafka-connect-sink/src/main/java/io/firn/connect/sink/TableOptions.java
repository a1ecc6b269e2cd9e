package io.firn.connect.sink;

import io.firn.connect.common.ConfigRules;
import io.firn.table.TableConfig;
import io.firn.table.TableOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef.Validator;

/**
 * The options of the engine's tables as options of the connector: the engine names, documents and checks them.
 *
 * <p>Thread-safe.
 */
final class TableOptions {
    /** Those that the connector defines itself, or that do not concern it. */
    private static final Set<TableOption> OTHERS =
            Set.of(TableOption.PARTITION_FIELDS, TableOption.PARTITION_MISSING_FIELD, TableOption.DISK_MIN_FREE_BYTES);

    /** An option that some values of another one need. */
    private static final Map<String, String> COMPANION = Map.of(TableOption.COMPRESSION_THRESHOLD_BYTES.key(), "1MiB");

    private TableOptions() {}

    static List<TableOption> all() {
        return Arrays.stream(TableOption.values())
                .filter(option -> !OTHERS.contains(option))
                .toList();
    }

    /** Asks the engine whether it understands the value of one option. */
    static Validator check(TableOption option) {
        return ConfigRules.parsedBy(shape(option), text -> {
            Map<String, String> properties = new HashMap<>(COMPANION);
            properties.put(option.key(), text);
            TableConfig.fromProperties(properties);
        });
    }

    private static String shape(TableOption option) {
        return option.defaultText().isEmpty() ? "a text" : "a value like " + option.defaultText();
    }
}
