package io.firn.cli;

import io.firn.lifecycle.OrphanReport;
import io.firn.lifecycle.RecoveryReport;
import io.firn.lifecycle.TableOrphans;
import io.firn.lifecycle.TableRecovery;
import io.firn.lifecycle.rebuild.RebuildReport;
import io.firn.lifecycle.rebuild.TableRebuild;
import io.firn.table.Table;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
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

    @Option(
            names = "--rebuild-lanes",
            description = "Rebuild lost or damaged logs of writers from their segments and the catalog; says what they"
                    + " do not prove and deletes nothing. Before --rebuild-catalog when both are lost.")
    private boolean rebuildLanes;

    @Option(
            names = "--writer",
            paramLabel = "<name>",
            description =
                    "With --rebuild-lanes: the name of a writer that is too long to be found out; may be repeated.")
    private List<String> writers = List.of();

    @Option(names = "--orphans", description = "List files that nothing refers to, with a reason each; delete nothing.")
    private boolean orphans;

    @Override
    public int run(CliContext context) throws IOException {
        if (Stream.of(orphans, rebuildCatalog, rebuildLanes)
                        .filter(given -> given)
                        .count()
                > 1) {
            throw new UsageException("--orphans, --rebuild-catalog and --rebuild-lanes: give one of them");
        }
        if (!writers.isEmpty() && !rebuildLanes) {
            throw new UsageException("--writer goes with --rebuild-lanes");
        }
        try (Table table = argument.open(context)) {
            if (rebuildCatalog) {
                return printRebuild(context, TableRebuild.catalog(table), "the catalog is sound; nothing was rebuilt");
            }
            if (rebuildLanes) {
                return printRebuild(
                        context,
                        TableRebuild.lanes(table, writers),
                        "the logs of all writers are sound; nothing was rebuilt");
            }
            return orphans ? listOrphans(context, table) : recover(context, table);
        }
    }

    private static int printRebuild(CliContext context, RebuildReport report, String nothing) throws IOException {
        for (String action : report.actions()) {
            context.output().line(action);
        }
        for (String unproven : report.unproven()) {
            context.output().line("unproven: " + unproven);
        }
        report.failures().forEach(failure -> context.message("firn: not rebuilt: " + failure));
        if (report.actions().isEmpty() && report.failures().isEmpty()) {
            context.output().line(nothing);
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
        if (report.actions().isEmpty() && report.isComplete()) {
            context.output().line("nothing to recover");
        }
        report.leftAlone().forEach(left -> context.message("left alone: " + left));
        report.failures().forEach(failure -> context.message("firn: " + failure));
        return report.isComplete() ? DONE : FAILED;
    }
}
