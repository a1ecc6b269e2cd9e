package io.firn.cli;

import io.firn.lifecycle.RecoveryReport;
import io.firn.lifecycle.TableRecovery;
import io.firn.table.Table;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code firn recover}. Confined to one thread. */
@Command(
        name = "recover",
        description = "Brings writers that crashed to their last commit. Not needed before reading or appending: a"
                + " writer that is opened again does the same. Writers that are open are left alone.")
final class RecoverCommand implements CliCommand {
    @Mixin
    private final TableArgument argument = new TableArgument();

    @Override
    public int run(CliContext context) throws IOException {
        try (Table table = argument.open(context)) {
            RecoveryReport report = TableRecovery.recover(table);
            for (String action : report.actions()) {
                context.output().line(action);
            }
            if (report.actions().isEmpty()) {
                context.output().line("nothing to recover");
            }
            report.leftAlone().forEach(left -> context.message("left alone: " + left));
            report.failures().forEach(failure -> context.message("firn: " + failure));
            return report.isComplete() ? DONE : FAILED;
        }
    }
}
