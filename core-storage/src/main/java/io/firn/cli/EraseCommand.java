package io.firn.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.firn.lifecycle.Erasure;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.lifecycle.RecordKeys;
import io.firn.table.Table;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firn erase}. Confined to one thread. */
@Command(
        name = "erase",
        description = "Removes all records of some keys for ever, by rewriting every file that holds one of them."
                + " Sequences and positions of the others stay what they are. A record in a segment that its writer has"
                + " open is left and named (exit code 1): run it again when the segment has rolled.")
final class EraseCommand implements CliCommand {
    /** What no rewriting reaches. */
    private static final String NOT_ERASED = "Not erased: backups and copies of the table, the Kafka topic, records"
            + " replayed elsewhere, records that a writer has not committed yet, partition directories named after the"
            + " record, files that readers have open until they close them, and what the disk keeps in blocks that it"
            + " gave free.";

    @Mixin
    private final TableSelection selection = new TableSelection();

    @Mixin
    private final KeyOptions keys = new KeyOptions();

    @Mixin
    private final RateOption rate = new RateOption();

    @Option(names = "--dry-run", description = "Only count: print what would be erased, change nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public int run(CliContext context) throws IOException {
        RecordKeys read = keys.read(context);
        LifecycleOptions options = rate.applyTo(LifecycleOptions.defaults());
        try (Table table = selection.open(context);
                LifecycleManager lifecycle = LifecycleManager.open(table, options)) {
            LifecycleRequest request =
                    LifecycleRequest.erase(new Erasure(read, dryRun)).where(selection.partitions(table));
            LifecycleStats stats = lifecycle.run(request);
            if (json) {
                JsonText.print(context, fields -> writeJson(fields, stats));
            } else {
                printText(context.output(), stats);
            }
            stats.skipped().forEach(skipped -> context.message("firn: " + skipped));
            stats.errors().forEach(error -> context.message("firn: " + error));
            context.message(NOT_ERASED);
            return stats.errors().isEmpty() && stats.skipped().isEmpty() ? DONE : FAILED;
        }
    }

    private void printText(Output out, LifecycleStats stats) throws IOException {
        String counts =
                stats.erasure().records() + " records from " + stats.erasure().files() + " files";
        out.line(
                dryRun
                        ? "would erase " + counts
                        : "erased " + counts + "; deleted " + stats.deletedFiles() + " files in " + stats.durationMs()
                                + " ms");
        if (stats.erasure().openRecords() > 0) {
            out.line(stats.erasure().openRecords() + " records stand in open segments");
        }
    }

    private void writeJson(JsonGenerator fields, LifecycleStats stats) throws IOException {
        fields.writeBooleanField("dryRun", dryRun);
        fields.writeNumberField("records", stats.erasure().records());
        fields.writeNumberField("files", stats.erasure().files());
        fields.writeNumberField("openRecords", stats.erasure().openRecords());
        fields.writeNumberField("deletedFiles", stats.deletedFiles());
        fields.writeNumberField("durationMs", stats.durationMs());
        JsonText.strings(fields, "skipped", stats.skipped());
        JsonText.strings(fields, "errors", stats.errors());
    }
}
