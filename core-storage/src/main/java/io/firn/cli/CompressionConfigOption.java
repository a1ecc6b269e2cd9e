package io.firn.cli;

import io.firn.lifecycle.LifecycleOptions;
import io.firn.table.TableConfig;
import io.firn.table.TableOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** {@code --config} of the commands that compress: options of the table, for one run. Confined to one thread. */
final class CompressionConfigOption {
    private static final String PREFIX = "compression.";

    @Option(
            names = "--config",
            paramLabel = "<option=value>",
            description = "An option of compression that stands for the table's own in this run, for example"
                    + " compression.policy=immediate or compression.level=9; nothing is stored; may be repeated.")
    private final Map<String, String> config = new LinkedHashMap<>();

    /** Adds to the options of a process what it does otherwise than the table says. */
    LifecycleOptions override(LifecycleOptions options, TableConfig stored) {
        if (config.isEmpty()) {
            return options;
        }
        return UsageException.reading("--config", () -> {
            TableConfig changed = changed(stored);
            return options.withPolicy(changed.compressionPolicy())
                    .withCompressionLevel(changed.compressionLevel())
                    .withBlockSizeBytes(changed.compressionBlockSizeBytes());
        });
    }

    private TableConfig changed(TableConfig stored) {
        for (String key : config.keySet()) {
            if (!key.startsWith(PREFIX) || TableOption.find(key).isEmpty()) {
                throw new UsageException("--config: '" + key + "' is no option of compression; they are "
                        + Arrays.stream(TableOption.values())
                                .map(TableOption::key)
                                .filter(option -> option.startsWith(PREFIX))
                                .collect(Collectors.joining(", ")));
            }
        }
        return stored.withProperties(config, "");
    }
}
