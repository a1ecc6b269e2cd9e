package io.firn.cli;

import io.firn.partition.PartitionMapping;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableOption;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firn create}. Confined to one thread. */
@Command(name = "create", description = "Creates a table. Its partition fields can never be changed.")
final class CreateCommand implements CliCommand {
    @Mixin
    private final TableArgument argument = new TableArgument();

    @Option(
            names = "--partition-by",
            paramLabel = "<fields>",
            description = "How records are divided into directories, for example"
                    + " 'dt:date=timestamp,origin:string=value.origin'. Default: one partition.")
    private String partitionBy = "";

    @Option(
            names = "--config",
            paramLabel = "<option=value>",
            description = "An option of the table, for example segment.size=16MiB; may be repeated.")
    private final Map<String, String> config = new LinkedHashMap<>();

    @Override
    public int run(CliContext context) {
        PartitionMapping mapping =
                UsageException.reading("--partition-by", () -> PartitionMapping.parse(partitionFields()));
        TableConfig options = UsageException.reading("--config", () -> options(mapping));
        options.warnings().forEach(context::message);
        try (Table table = Table.create(argument.path(), mapping.scheme(), options, context.environment())) {
            String fields = mapping.scheme().isUnpartitioned() ? "" : ", partitioned by " + mapping.describe();
            context.message("created " + argument.path() + " (table " + table.id() + ")" + fields);
        }
        return DONE;
    }

    private String partitionFields() {
        String fromConfig = config.getOrDefault(TableOption.PARTITION_FIELDS.key(), "");
        if (!partitionBy.isEmpty() && !fromConfig.isEmpty()) {
            throw new UsageException(
                    "--partition-by and --config partition.fields=... mean the same; give one of them");
        }
        return partitionBy.isEmpty() ? fromConfig : partitionBy;
    }

    private TableConfig options(PartitionMapping mapping) {
        ConfigCommand.requireKnown("--config", config);
        Map<String, String> properties = new LinkedHashMap<>(config);
        properties.put(TableOption.PARTITION_FIELDS.key(), mapping.describe());
        return TableConfig.fromProperties(properties);
    }
}
