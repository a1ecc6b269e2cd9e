package io.firn.cli;

import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableOption;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firn config}. Confined to one thread. */
@Command(
        name = "config",
        description = "Prints the options of a table, or changes some. Who has the table open goes on with what was"
                + " stored before.")
final class ConfigCommand implements CliCommand {
    @Mixin
    private final TableArgument argument = new TableArgument();

    @Option(
            names = "--set",
            paramLabel = "<option=value>",
            description = "Store an option, for example retention.ms=30d; may be repeated.")
    private final Map<String, String> changes = new LinkedHashMap<>();

    @Override
    public int run(CliContext context) throws IOException {
        try (Table table = argument.open(context)) {
            if (changes.isEmpty()) {
                print(context, table.config().toProperties());
            } else {
                change(context, table);
            }
        }
        return DONE;
    }

    private void change(CliContext context, Table table) throws IOException {
        requireKnown("--set", changes);
        Map<String, String> before = table.config().toProperties();
        TableConfig changed =
                UsageException.reading("--set", () -> table.updateConfig(stored -> stored.withProperties(changes, "")));
        changed.warnings().forEach(context::message);
        Map<String, String> after = changed.toProperties();
        after.entrySet().removeIf(option -> option.getValue().equals(before.get(option.getKey())));
        print(context, after);
        if (after.isEmpty()) {
            context.message("nothing was changed: all of it is stored already");
        }
    }

    private static void print(CliContext context, Map<String, String> options) throws IOException {
        for (Map.Entry<String, String> option : options.entrySet()) {
            context.output().line(option.getKey() + "=" + option.getValue());
        }
    }

    /** Refuses what is no option of a table. */
    static void requireKnown(String argument, Map<String, String> options) {
        for (String key : options.keySet()) {
            if (TableOption.find(key).isEmpty()) {
                throw new UsageException(argument + ": there is no table option '" + key + "'; the options are "
                        + Arrays.stream(TableOption.values())
                                .map(TableOption::key)
                                .collect(Collectors.joining(", ")));
            }
        }
    }
}
