package io.firn.cli;

import io.firn.lifecycle.OrphanReport;
import io.firn.lifecycle.RebuildReport;
import io.firn.lifecycle.RecoveryReport;
import io.firn.lifecycle.TableOrphans;
import io.firn.lifecycle.TableRebuild;
import io.firn.lifecycle.TableRecovery;
import io.firn.table.Table;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firn recover}. Confined to one thread. */
@Command(
        name = "recover",
        description = "Brings writers that crashed to their last commit. Not needed before reading or appending: a"
                + " writer that is opened again does the same. Writers that are open are left alone.")
final class RecoverCommand implements CliCommand {
    @Mixin
    private final TableArgument argument = new TableArgument();

    @Option(
            names = "--rebuild-catalog",
            description = "Rebuild a lost or damaged catalog from the files; says what they do not prove and deletes"
                    + " nothing.")
    private boolean rebuildCatalog;

    @Option(names = "--orphans", description = "List files that nothing refers to, with a reason each; delete nothing.")
    private boolean orphans;

    @Override
    public int run(CliContext context) throws IOException {
        if (orphans && rebuildCatalog) {
            throw new UsageException("--orphans and --rebuild-catalog: give one of them");
        }
        try (Table table = argument.open(context)) {
            if (rebuildCatalog) {
                return printRebuild(context, TableRebuild.catalog(table));
            }
            return orphans ? listOrphans(context, table) : recover(context, table);
        }
    }

    private static int printRebuild(CliContext context, RebuildReport report) throws IOException {
        for (String action : report.actions()) {
            context.output().line(action);
        }
        for (String unproven : report.unproven()) {
            context.output().line("unproven: " + unproven);
        }
        report.failures().forEach(failure -> context.message("firn: nothing was rebuilt: " + failure));
        if (report.actions().isEmpty() && report.failures().isEmpty()) {
            context.output().line("the catalog is sound; nothing was rebuilt");
        }
        return report.isComplete() ? DONE : FAILED;
    }

    private static int listOrphans(CliContext context, Table table) throws IOException {
        OrphanReport report = TableOrphans.find(table);
        for (OrphanReport.Orphan orphan : report.orphans()) {
            context.output().line(orphan.toString());
        }
        report.unknown().forEach(unknown -> context.message("firn: cannot judge " + unknown));
        context.message(report.orphans().size() + " orphans; nothing was deleted");
        return report.unknown().isEmpty() ? DONE : FAILED;
    }

    private static int recover(CliContext context, Table table) throws IOException {
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
