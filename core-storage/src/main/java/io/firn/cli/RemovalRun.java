package io.firn.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.table.Table;
import java.io.IOException;
import picocli.CommandLine.Option;

/** What the commands that remove partitions print. Confined to one thread. */
final class RemovalRun {
    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    /** Runs the request and prints what it did. */
    LifecycleStats run(CliContext context, Table table, LifecycleRequest request) throws IOException {
        try (LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            LifecycleStats stats = lifecycle.run(request);
            if (json) {
                JsonText.print(context, fields -> writeJson(fields, stats));
            } else {
                printText(context.output(), stats);
            }
            stats.skipped().forEach(skipped -> context.message("firn: " + skipped));
            stats.errors().forEach(error -> context.message("firn: " + error));
            return stats;
        }
    }

    private static void printText(Output out, LifecycleStats stats) throws IOException {
        for (String path : stats.removed().paths()) {
            out.line("removed " + (path.isEmpty() ? "all records" : path));
        }
        out.line("removed " + Count.of(stats.removed().paths().size(), "partition") + ", "
                + Count.of(stats.removed().records(), "record") + ", "
                + stats.removed().bytes() + " bytes; deleted "
                + Count.of(stats.deletedFiles(), "file"));
    }

    private static void writeJson(JsonGenerator json, LifecycleStats stats) throws IOException {
        JsonText.strings(json, "removed", stats.removed().paths());
        json.writeNumberField("removedRecords", stats.removed().records());
        json.writeNumberField("removedBytes", stats.removed().bytes());
        json.writeNumberField("deletedFiles", stats.deletedFiles());
        json.writeNumberField("durationMs", stats.durationMs());
        JsonText.strings(json, "skipped", stats.skipped());
        JsonText.strings(json, "errors", stats.errors());
    }
}
