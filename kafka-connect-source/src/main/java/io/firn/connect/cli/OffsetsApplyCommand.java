package io.firn.connect.cli;

import io.firn.cli.CliCommand;
import io.firn.cli.CliContext;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code firn offsets apply}. One use, one thread. */
@Command(
        name = "apply",
        description = "Moves the groups of a plan. Refuses when one has members or has moved since the plan was made;"
                + " nothing is changed then.")
final class OffsetsApplyCommand implements CliCommand {
    @Parameters(paramLabel = "<plan>", description = "What 'firn offsets plan' has written.")
    private Path plan = Path.of("");

    @Mixin
    private final ClusterArgument cluster = new ClusterArgument();

    @Override
    public int run(CliContext context) throws IOException {
        OffsetMoves moves = new OffsetMoves(context, plan);
        try (Groups groups = new Groups(cluster.open(context))) {
            moves.carryOut(groups, OffsetMove::offset, context);
        }
        return DONE;
    }
}
