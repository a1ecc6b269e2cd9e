package io.firn.cli;

import io.firn.partition.PartitionFilter;
import io.firn.table.Table;
import picocli.CommandLine.Mixin;

/** The table that a command is about, and which of its partitions. Confined to one thread. */
final class TableSelection {
    @Mixin
    private final TableArgument argument = new TableArgument();

    @Mixin
    private final WhereOption where = new WhereOption();

    Table open(CliContext context) {
        return argument.open(context);
    }

    /** The partitions of the opened table that are meant. */
    PartitionFilter partitions(Table table) {
        return where.parse(table);
    }

    /** Whether only some partitions are meant. */
    boolean isSome() {
        return where.isGiven();
    }
}
