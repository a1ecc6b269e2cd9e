package io.firn.cli;

import io.firn.ipc.ArchiveOptions;
import io.firn.ipc.legacy.MigrationReport;
import io.firn.ipc.legacy.MigrationReport.StreamReport;
import io.firn.ipc.legacy.Migrator;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firn migrate}. Confined to one thread. */
@Command(
        name = "migrate",
        description = "Copies an archive of the old system into a table; run it as often as you like: every record"
                + " comes exactly once. The old archive is only read, also while the old system writes to it.")
final class MigrateCommand implements CliCommand {
    private static final long FOLLOW_INTERVAL_MS = 1_000;

    @Parameters(index = "0", paramLabel = "<old archive>", description = "The directory that holds 'v1' or 'raw'.")
    private Path oldRoot = Path.of("");

    @Parameters(index = "1", paramLabel = "<table>", description = "Directory of the table; created when missing.")
    private Path table = Path.of("");

    @Option(names = "--follow", description = "Go on with what the old system writes, until interrupted.")
    private boolean follow;

    @Option(names = "--json", description = "Print one JSON object for each run.")
    private boolean json;

    @Override
    public int run(CliContext context) throws IOException {
        Migrator migrator =
                Migrator.open(oldRoot, table, ArchiveOptions.defaults().withEnvironment(context.environment()));
        MigrationReport report = runOnce(context, migrator);
        while (follow && !context.awaitStop(FOLLOW_INTERVAL_MS)) {
            report = runOnce(context, migrator);
        }
        return report.isComplete() ? DONE : FAILED;
    }

    private MigrationReport runOnce(CliContext context, Migrator migrator) throws IOException {
        MigrationReport report = migrator.run(stream -> context.progress().show(() -> "migrated " + stream.stream()));
        if (json) {
            printJson(context, report);
        } else {
            print(context, report);
        }
        context.output().flush();
        report.remarks().forEach(remark -> context.message("firn: " + remark));
        report.failures().forEach(failure -> context.message("firn: " + failure));
        return report;
    }

    private static void print(CliContext context, MigrationReport report) throws IOException {
        for (StreamReport stream : report.streams()) {
            if (stream.migratedRecords() > 0) {
                context.output()
                        .line(stream.migratedRecords() + " records, now " + stream.totalRecords() + ": "
                                + stream.stream().key().partition().toPath());
            }
        }
        context.output()
                .line("migrated " + Count.of(report.migratedRecords(), "record") + "; the table has "
                        + Count.of(report.totalRecords(), "record") + " of "
                        + Count.of(report.streams().size(), "stream"));
    }

    private static void printJson(CliContext context, MigrationReport report) throws IOException {
        JsonText.print(context, fields -> {
            fields.writeNumberField("migratedRecords", report.migratedRecords());
            fields.writeNumberField("totalRecords", report.totalRecords());
            fields.writeNumberField("streams", report.streams().size());
            JsonText.strings(fields, "failures", report.failures());
            JsonText.strings(fields, "remarks", report.remarks());
        });
    }
}
