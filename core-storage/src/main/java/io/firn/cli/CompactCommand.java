package io.firn.cli;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.table.Table;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firn compact}. Confined to one thread. */
@Command(
        name = "compact",
        description = "Makes one file of several small ones of a partition, up to segment.size, with the same records"
                + " and positions; hot files become a hot one, compressed ones a compressed one.")
final class CompactCommand implements CliCommand {
    @Mixin
    private final TableSelection selection = new TableSelection();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public int run(CliContext context) throws IOException {
        try (Table table = selection.open(context);
                LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            LifecycleStats stats = lifecycle.run(LifecycleRequest.compact().where(selection.partitions(table)));
            print(context, stats);
            stats.skipped().forEach(skipped -> context.message("firn: left for later: " + skipped));
            stats.errors().forEach(error -> context.message("firn: " + error));
            return stats.errors().isEmpty() && stats.skipped().isEmpty() ? DONE : FAILED;
        }
    }

    private void print(CliContext context, LifecycleStats stats) throws IOException {
        if (!json) {
            context.output()
                    .line(stats.compaction().filesBefore() + " files with "
                            + stats.compaction().records() + " records became "
                            + stats.compaction().filesAfter() + ", " + stats.bytesBefore() + " bytes became "
                            + stats.bytesAfter() + " in " + stats.durationMs() + " ms");
            return;
        }
        JsonText.print(context, fields -> {
            fields.writeNumberField("filesBefore", stats.compaction().filesBefore());
            fields.writeNumberField("filesAfter", stats.compaction().filesAfter());
            fields.writeNumberField("records", stats.compaction().records());
            fields.writeNumberField("bytesBefore", stats.bytesBefore());
            fields.writeNumberField("bytesAfter", stats.bytesAfter());
            fields.writeNumberField("durationMs", stats.durationMs());
            JsonText.strings(fields, "skipped", stats.skipped());
            JsonText.strings(fields, "errors", stats.errors());
        });
    }
}
