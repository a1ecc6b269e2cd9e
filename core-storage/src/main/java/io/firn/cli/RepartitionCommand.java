package io.firn.cli;

import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.RepartitionReport;
import io.firn.lifecycle.RepartitionReport.WriterReport;
import io.firn.lifecycle.TableRepartition;
import io.firn.partition.MissingFieldPolicy;
import io.firn.partition.PartitionMapping;
import io.firn.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firn repartition}. Confined to one thread. */
@Command(
        name = "repartition",
        description = "Copies a table into a new one that is divided by other fields. Run it as often as you like:"
                + " every record comes exactly once. Writers keep their names, sequences and positions. The old table"
                + " is only read, also while it is written to. At the end both are read and compared.")
final class RepartitionCommand implements CliCommand {
    @Mixin
    private final TableArgument from = new TableArgument();

    @Parameters(index = "1", paramLabel = "<new table>", description = "Its directory; created when missing.")
    private Path to = Path.of("");

    @Option(
            names = "--partition-fields",
            required = true,
            paramLabel = "<fields>",
            description = "How the records are divided, for example 'dt:date=timestamp,origin:string=value.origin'.")
    private String fields = "";

    @Option(
            names = "--missing-field",
            paramLabel = "null|fail",
            description =
                    "What becomes of a record without one of the fields: null is a value of its own, fail ends the"
                            + " copy of its writer there. Default: ${DEFAULT-VALUE}.")
    private String missing = "fail";

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private final RateOption rate = new RateOption();

    @Override
    public int run(CliContext context) throws IOException {
        PartitionMapping mapping = UsageException.reading("--partition-fields", () -> PartitionMapping.parse(fields));
        MissingFieldPolicy policy = UsageException.reading("--missing-field", () -> MissingFieldPolicy.parse(missing));
        if (policy == MissingFieldPolicy.ERRANT) {
            throw new UsageException("--missing-field: nobody takes errant records here; use null or fail");
        }
        LifecycleOptions options = rate.applyTo(LifecycleOptions.defaults());
        try (Table old = from.open(context);
                Table target = TableRepartition.openTarget(old, to, mapping)) {
            RepartitionReport report = TableRepartition.of(old, target, mapping.withMissingField(policy), options)
                    .run(writer -> context.progress().show(() -> "copied " + writer.writer()));
            if (json) {
                printJson(context, report);
            } else {
                print(context.output(), report);
            }
            report.failures().forEach(failure -> context.message("firn: " + failure));
            return report.isComplete() ? DONE : FAILED;
        }
    }

    private static void print(Output out, RepartitionReport report) throws IOException {
        for (WriterReport writer : report.writers()) {
            if (writer.copiedRecords() > 0) {
                out.line(writer.copiedRecords() + " records of '" + writer.writer() + "', now at position "
                        + writer.position());
            }
        }
        out.line("copied " + Count.of(report.copiedRecords(), "record") + "; both tables have the same "
                + Count.of(report.totalRecords(), "record") + " of "
                + Count.of(report.writers().size(), "writer"));
    }

    private static void printJson(CliContext context, RepartitionReport report) throws IOException {
        JsonText.print(context, fields -> {
            fields.writeNumberField("copiedRecords", report.copiedRecords());
            fields.writeNumberField("totalRecords", report.totalRecords());
            JsonText.array(fields, "writers", report.writers(), (writer, each) -> {
                writer.writeStringField("writer", each.writer());
                writer.writeNumberField("copiedRecords", each.copiedRecords());
                writer.writeNumberField("totalRecords", each.totalRecords());
                writer.writeNumberField("position", each.position());
            });
            JsonText.strings(fields, "failures", report.failures());
        });
    }
}
