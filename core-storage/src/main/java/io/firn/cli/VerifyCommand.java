package io.firn.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.TableVerifier;
import io.firn.lifecycle.VerifyReport;
import io.firn.table.Table;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firn verify}. Confined to one thread. */
@Command(
        name = "verify",
        description = "Reads everything and checks every checksum, count, log and the catalog. Says what is damaged"
                + " (exit code 1) and changes nothing.")
final class VerifyCommand implements CliCommand {
    @Mixin
    private final TableArgument argument = new TableArgument();

    @Mixin
    private final RateOption rate = new RateOption();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public int run(CliContext context) throws IOException {
        try (Table table = argument.open(context)) {
            VerifyReport report = TableVerifier.verify(
                    table, rate.applyTo(LifecycleOptions.defaults()).bytesPerSecond());
            if (json) {
                JsonText.print(context, fields -> writeJson(fields, report));
            } else {
                printText(context, report);
            }
            return report.isSound() ? DONE : FAILED;
        }
    }

    private static void printText(CliContext context, VerifyReport report) throws IOException {
        for (VerifyReport.Damage damage : report.damages()) {
            context.output().line("damaged: " + damage);
        }
        for (String note : report.notes()) {
            context.message("note: " + note);
        }
        String verdict = report.isSound() ? "sound" : report.damages().size() + " damages";
        context.output()
                .line(verdict + ": " + report.records() + " records in " + report.files() + " files of "
                        + report.lanes() + " writers, " + report.sizeBytes() + " bytes read");
    }

    private static void writeJson(JsonGenerator json, VerifyReport report) throws IOException {
        json.writeBooleanField("sound", report.isSound());
        json.writeNumberField("records", report.records());
        json.writeNumberField("files", report.files());
        json.writeNumberField("writers", report.lanes());
        json.writeNumberField("sizeBytes", report.sizeBytes());
        JsonText.array(json, "damages", report.damages(), (fields, damage) -> {
            fields.writeStringField("path", damage.path());
            fields.writeNumberField("offset", damage.offset());
            fields.writeStringField("reason", damage.reason());
        });
        JsonText.strings(json, "notes", report.notes());
    }
}
