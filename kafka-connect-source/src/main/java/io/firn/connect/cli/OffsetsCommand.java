package io.firn.connect.cli;

import io.firn.cli.CliCommand;
import io.firn.cli.CliContext;
import io.firn.cli.UsageException;
import picocli.CommandLine.Command;

/** {@code firn offsets}: the commands that move consumer groups to a topic that was replayed. One use, one thread. */
@Command(
        name = "offsets",
        synopsisSubcommandLabel = "<command>",
        description = "Moves consumer groups from a topic to the one into which its archive was replayed.",
        subcommands = {
            OffsetsSaveCommand.class,
            OffsetsPlanCommand.class,
            OffsetsApplyCommand.class,
            OffsetsRollbackCommand.class
        })
public final class OffsetsCommand implements CliCommand {
    /** For the service loader. */
    public OffsetsCommand() {}

    @Override
    public int run(CliContext context) {
        throw new UsageException("offsets needs a command: save, plan, apply or rollback; see firn offsets --help");
    }
}
