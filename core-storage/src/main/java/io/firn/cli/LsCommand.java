package io.firn.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.firn.partition.PartitionFilter;
import io.firn.table.HotInfo;
import io.firn.table.PartitionInfo;
import io.firn.table.Table;
import io.firn.table.TableContents;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firn ls}. Confined to one thread. */
@Command(
        name = "ls",
        description = "Lists partitions with their tier, segments, records, bytes and time range, and how much is"
                + " committed but not settled into partitions yet.")
final class LsCommand implements CliCommand {
    @Mixin
    private final TableSelection selection = new TableSelection();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public int run(CliContext context) throws IOException {
        try (Table table = selection.open(context)) {
            PartitionFilter filter = selection.partitions(table);
            TableContents contents = table.contents();
            List<PartitionInfo> partitions = contents.partitions().stream()
                    .filter(partition -> filter.matches(partition.values()))
                    .toList();
            if (json) {
                JsonText.print(context, fields -> writeJson(fields, partitions, contents.hot()));
            } else {
                printText(context.output(), partitions, contents.hot());
            }
        }
        return DONE;
    }

    private void printText(Output out, List<PartitionInfo> partitions, HotInfo hot) throws IOException {
        TextTable text = new TextTable("PARTITION", "TIER", "SEGMENTS", "RECORDS", "BYTES", "RAW", "FROM", "TO");
        for (PartitionInfo partition : partitions) {
            text.row(
                    partition.path().isEmpty() ? "(whole table)" : partition.path(),
                    tier(partition),
                    partition.hotSegments() + partition.coldSegments(),
                    partition.records(),
                    partition.sizeBytes(),
                    partition.rawBytes(),
                    time(partition, partition.minTimestampNs()),
                    time(partition, partition.maxTimestampNs()));
        }
        if (hot.segments() > 0) {
            String name = selection.isSome() ? "(unsettled, all partitions)" : "(unsettled)";
            text.row(name, "hot", hot.segments(), hot.records(), hot.sizeBytes(), hot.sizeBytes(), "-", "-");
        }
        Totals totals = Totals.of(partitions, hot);
        text.row(
                "total " + Count.of(partitions.size(), "partition"),
                "-",
                totals.segments(),
                totals.records(),
                totals.sizeBytes(),
                totals.rawBytes(),
                "-",
                "-");
        text.print(out);
    }

    private static String tier(PartitionInfo partition) {
        if (partition.hotSegments() == 0) {
            return "cold";
        }
        return partition.coldSegments() == 0 ? "hot" : "hot+cold";
    }

    private static String time(PartitionInfo partition, long timestampNs) {
        return partition.minTimestampNs() > partition.maxTimestampNs() ? "-" : TimeText.format(timestampNs);
    }

    private static void writeJson(JsonGenerator json, List<PartitionInfo> partitions, HotInfo hot) throws IOException {
        JsonText.array(json, "partitions", partitions, LsCommand::writePartition);
        json.writeObjectFieldStart("unsettled");
        json.writeNumberField("segments", hot.segments());
        json.writeNumberField("records", hot.records());
        json.writeNumberField("sizeBytes", hot.sizeBytes());
        json.writeEndObject();
        Totals totals = Totals.of(partitions, hot);
        json.writeObjectFieldStart("total");
        json.writeNumberField("partitions", partitions.size());
        json.writeNumberField("segments", totals.segments());
        json.writeNumberField("records", totals.records());
        json.writeNumberField("sizeBytes", totals.sizeBytes());
        json.writeNumberField("rawBytes", totals.rawBytes());
        json.writeEndObject();
    }

    private static void writePartition(JsonGenerator json, PartitionInfo partition) throws IOException {
        json.writeStringField("partition", partition.path());
        json.writeStringField("tier", tier(partition));
        json.writeNumberField("hotSegments", partition.hotSegments());
        json.writeNumberField("coldSegments", partition.coldSegments());
        json.writeNumberField("records", partition.records());
        json.writeNumberField("sizeBytes", partition.sizeBytes());
        json.writeNumberField("rawBytes", partition.rawBytes());
        if (partition.minTimestampNs() <= partition.maxTimestampNs()) {
            json.writeNumberField("minTimestampNs", partition.minTimestampNs());
            json.writeNumberField("maxTimestampNs", partition.maxTimestampNs());
        }
    }
}
