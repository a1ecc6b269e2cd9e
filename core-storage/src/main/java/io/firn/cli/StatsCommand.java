package io.firn.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import io.firn.table.TableContents;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firn stats}. Confined to one thread. */
@Command(name = "stats", description = "Shows the tiers with their sizes and ratio, and the writers.")
final class StatsCommand implements CliCommand {
    @Mixin
    private final TableArgument argument = new TableArgument();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public int run(CliContext context) throws IOException {
        try (Table table = argument.open(context)) {
            TableContents contents = table.contents();
            if (json) {
                JsonText.print(context, fields -> writeJson(fields, table, contents));
            } else {
                printText(context.output(), table, contents);
            }
        }
        return DONE;
    }

    private static void printText(Output out, Table table, TableContents contents) throws IOException {
        out.line("table " + table.id() + " in " + Count.of(contents.partitions().size(), "partition") + " by ["
                + table.scheme().describe() + "]");
        TextTable tiers = new TextTable("TIER", "SEGMENTS", "RECORDS", "BYTES", "RAW", "RATIO");
        for (TierTotals tier : TierTotals.of(contents)) {
            tiers.row(
                    tier.name(),
                    tier.segments(),
                    tier.records(),
                    tier.sizeBytes(),
                    tier.rawBytes(),
                    tier.sizeBytes() == 0
                            ? "-"
                            : String.format(Locale.ROOT, "%.2f", (double) tier.rawBytes() / tier.sizeBytes()));
        }
        tiers.print(out);
        if (!contents.lanes().isEmpty()) {
            TextTable writers = new TextTable("WRITER", "RECORDS", "POSITION", "GAPS");
            for (LaneInfo lane : contents.lanes()) {
                writers.row(lane.writer(), lane.records(), lane.position(), lane.gapCount());
            }
            out.line("");
            writers.print(out);
        }
    }

    private static void writeJson(JsonGenerator json, Table table, TableContents contents) throws IOException {
        json.writeStringField("id", table.id().toString());
        json.writeStringField("scheme", table.scheme().describe());
        json.writeNumberField("partitions", contents.partitions().size());
        JsonText.array(json, "tiers", TierTotals.of(contents), (fields, tier) -> {
            fields.writeStringField("tier", tier.name());
            fields.writeNumberField("segments", tier.segments());
            fields.writeNumberField("records", tier.records());
            fields.writeNumberField("sizeBytes", tier.sizeBytes());
            fields.writeNumberField("rawBytes", tier.rawBytes());
        });
        JsonText.array(json, "writers", contents.lanes(), (fields, lane) -> {
            fields.writeStringField("writer", lane.writer());
            fields.writeNumberField("records", lane.records());
            fields.writeNumberField("position", lane.position());
            fields.writeNumberField("gaps", lane.gapCount());
        });
    }
}
