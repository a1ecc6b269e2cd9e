package io.firn.cli;

import io.firn.partition.PartitionFilter;
import io.firn.table.Table;
import picocli.CommandLine.Option;

/** Option {@code --where}: which partitions a command is about. Confined to one thread. */
final class WhereOption {
    @Option(
            names = "--where",
            paramLabel = "<condition>",
            description = "Only partitions like these, for example \"dt >= '2001-01-02' and origin = 'ATL'\".")
    private String condition = "";

    PartitionFilter parse(Table table) {
        return UsageException.reading("--where", () -> PartitionFilter.parse(condition, table.scheme()));
    }

    /** Whether the command is about some partitions only. */
    boolean isGiven() {
        return !condition.isBlank();
    }
}
