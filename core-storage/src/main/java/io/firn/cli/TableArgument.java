package io.firn.cli;

import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The table that a command is about. Confined to one thread. */
final class TableArgument {
    @Parameters(index = "0", paramLabel = "<table>", description = "Directory of the table.")
    private Path path = Path.of("");

    Path path() {
        return path;
    }

    Table open(CliContext context) {
        return open(context.environment());
    }

    Table open(TableEnvironment environment) {
        return Table.open(path, environment);
    }
}
