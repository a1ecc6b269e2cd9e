package io.firn.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleRequest.Scope;
import io.firn.lifecycle.LifecycleRequest.Step;
import io.firn.lifecycle.LifecycleStats;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import java.io.IOException;
import java.util.Set;
import java.util.function.BiFunction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Arguments and report that the commands of the lifecycle share. Confined to one thread. */
final class LifecycleRun {
    @Mixin
    private final TableSelection selection = new TableSelection();

    @Option(names = "--all", description = "All partitions; this is the default.")
    private boolean all;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private final RateOption rate = new RateOption();

    int run(CliContext context, Set<Step> steps, boolean policy) throws IOException {
        return run(context, steps, policy, (options, stored) -> options);
    }

    /**
     * Runs with options that may depend on those of the table.
     *
     * @param policy whether only that is done which is due
     */
    int run(
            CliContext context,
            Set<Step> steps,
            boolean policy,
            BiFunction<LifecycleOptions, TableConfig, LifecycleOptions> process)
            throws IOException {
        if (all && (policy || selection.isSome())) {
            throw new UsageException("--all goes neither with --policy nor with --where");
        }
        LifecycleOptions options = rate.applyTo(LifecycleOptions.defaults());
        try (Table table = selection.open(context);
                LifecycleManager lifecycle = LifecycleManager.open(table, process.apply(options, table.config()))) {
            LifecycleRequest request =
                    new LifecycleRequest(steps, policy ? Scope.DUE : Scope.ALL, selection.partitions(table));
            LifecycleStats stats = lifecycle.run(request);
            if (json) {
                JsonText.print(context, fields -> writeJson(fields, stats));
            } else {
                printText(context.output(), stats);
            }
            stats.skipped().forEach(skipped -> context.message("firn: left for later: " + skipped));
            stats.errors().forEach(error -> context.message("firn: " + error));
            boolean kept = stats.isIdle()
                    && stats.scannedSegments() == 0
                    && !stats.skipped().isEmpty();
            return stats.errors().isEmpty() && !kept ? CliCommand.DONE : CliCommand.FAILED;
        }
    }

    private static void printText(Output out, LifecycleStats stats) throws IOException {
        out.line("settled " + stats.settledRecords() + " records into " + stats.settledSegments() + " files");
        out.line("compressed " + stats.compressedSegments() + " files, decompressed " + stats.decompressedSegments()
                + ", deleted " + stats.deletedFiles());
        out.line(stats.bytesBefore() + " bytes became " + stats.bytesAfter() + " in " + stats.durationMs() + " ms");
    }

    private static void writeJson(JsonGenerator json, LifecycleStats stats) throws IOException {
        json.writeNumberField("scannedSegments", stats.scannedSegments());
        json.writeNumberField("settledRecords", stats.settledRecords());
        json.writeNumberField("settledSegments", stats.settledSegments());
        json.writeNumberField("compressedSegments", stats.compressedSegments());
        json.writeNumberField("decompressedSegments", stats.decompressedSegments());
        json.writeNumberField("deletedFiles", stats.deletedFiles());
        json.writeNumberField("bytesBefore", stats.bytesBefore());
        json.writeNumberField("bytesAfter", stats.bytesAfter());
        json.writeNumberField("durationMs", stats.durationMs());
        JsonText.strings(json, "skipped", stats.skipped());
        JsonText.strings(json, "errors", stats.errors());
    }
}
