package io.firn.cli;

import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.table.Table;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code firn drop}. Confined to one thread. */
@Command(
        name = "drop",
        description = "Removes whole partitions for ever: everything that is committed of them. 'firn ls' with the same"
                + " --where shows which. Positions of writers and readers stay what they are. A partition of which an"
                + " open segment of a writer holds records is left as it is and named (exit code 1).")
final class DropCommand implements CliCommand {
    @Mixin
    private final TableSelection selection = new TableSelection();

    @Mixin
    private final RemovalRun removal = new RemovalRun();

    @Override
    public int run(CliContext context) throws IOException {
        if (!selection.isSome()) {
            throw new UsageException("drop needs --where: which partitions shall be removed for ever?");
        }
        try (Table table = selection.open(context)) {
            LifecycleStats stats = removal.run(context, table, LifecycleRequest.drop(selection.partitions(table)));
            return stats.errors().isEmpty() && stats.skipped().isEmpty() ? DONE : FAILED;
        }
    }
}
