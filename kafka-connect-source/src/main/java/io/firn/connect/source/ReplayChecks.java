package io.firn.connect.source;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What is wrong across the options of the replay: each single one is right and they do not go together.
 *
 * <p>Confined to one thread.
 */
final class ReplayChecks {
    private final Map<String, String> connectorConfig = new HashMap<>();
    private final Set<String> bad;
    private final Map<String, String> problems = new LinkedHashMap<>();

    /**
     * Creates the checks.
     *
     * @param connectorConfig the connector's configuration as the user wrote it
     * @param bad the options that have an error of their own; what depends on them is not checked
     */
    ReplayChecks(Map<String, String> connectorConfig, Set<String> bad) {
        connectorConfig.forEach((option, value) -> {
            if (value != null) {
                this.connectorConfig.put(option, value);
            }
        });
        this.bad = Set.copyOf(bad);
    }

    /** Every problem with its remedy, by option. */
    Map<String, String> problems() {
        checkPartitionCount();
        return problems;
    }

    private void checkPartitionCount() {
        if (areSound(PartitionOptions.MODE, PartitionOptions.COUNT)
                && PartitionMode.parse(text(PartitionOptions.MODE, "preserve")).needsCount()
                && text(PartitionOptions.COUNT, "0").equals("0")
                && text(FirnSourceConfig.TARGET_SERVERS, "").isEmpty()) {
            problem(
                    PartitionOptions.MODE,
                    "the number of partitions of the target is needed; set " + FirnSourceConfig.TARGET_SERVERS
                            + " so that the connector can ask, or " + PartitionOptions.COUNT);
        }
    }

    private void problem(String option, String reason) {
        problems.put(option, "Invalid value '" + text(option, "") + "' for '" + option + "': " + reason + ".");
    }

    private boolean areSound(String... options) {
        return Set.of(options).stream().noneMatch(bad::contains);
    }

    private String text(String option, String whenAbsent) {
        return connectorConfig.getOrDefault(option, whenAbsent).trim();
    }
}
