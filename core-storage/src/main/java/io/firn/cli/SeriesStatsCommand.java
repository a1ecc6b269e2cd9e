package io.firn.cli;

import io.firn.series.SeriesContents;
import io.firn.series.SeriesReader;
import io.firn.series.TimestampUnit;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firn series stats}. Confined to one thread. */
@Command(name = "stats", description = "Shows how many series and samples there are, where, and their size.")
final class SeriesStatsCommand implements CliCommand {
    @Mixin
    private final SeriesArgument argument = new SeriesArgument();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public int run(CliContext context) throws IOException {
        try (SeriesReader reader = argument.read()) {
            SeriesContents contents = reader.contents();
            long series = reader.seriesCount();
            if (json) {
                JsonText.print(context, fields -> {
                    fields.writeStringField(
                            "timestampUnit", contents.timestampUnit().text());
                    fields.writeNumberField("stores", contents.stores());
                    fields.writeNumberField("series", series);
                    fields.writeNumberField("headSeries", contents.headSeries());
                    fields.writeNumberField("headSamples", contents.headSamples());
                    fields.writeNumberField("warmBlocks", contents.warmBlocks());
                    fields.writeNumberField("coldBlocks", contents.coldBlocks());
                    fields.writeNumberField("blockSamples", contents.blockSamples());
                    fields.writeNumberField("deletions", contents.deletions());
                    if (hasSamples(contents)) {
                        fields.writeNumberField("minTimestamp", contents.minTimestamp());
                        fields.writeNumberField("maxTimestamp", contents.maxTimestamp());
                    }
                    fields.writeNumberField("sizeBytes", contents.sizeBytes());
                });
            } else {
                print(context.output(), contents, series);
            }
        }
        return DONE;
    }

    private static boolean hasSamples(SeriesContents contents) {
        return contents.minTimestamp() <= contents.maxTimestamp();
    }

    private static void print(Output out, SeriesContents contents, long series) throws IOException {
        TextTable table = new TextTable("WHAT", "NUMBER");
        table.row("series", series);
        table.row("written to heads", contents.headSamples());
        table.row("samples in blocks", contents.blockSamples());
        table.row("warm blocks", contents.warmBlocks());
        table.row("cold blocks", contents.coldBlocks());
        table.row("deletions", contents.deletions());
        table.row("bytes", contents.sizeBytes());
        table.print(out);
        if (hasSamples(contents)) {
            TimestampUnit unit = contents.timestampUnit();
            out.line(String.format(
                    Locale.ROOT,
                    "from %s to %s",
                    time(contents.minTimestamp(), unit),
                    time(contents.maxTimestamp(), unit)));
        }
    }

    /** A date, or the number where it is none that can be told. */
    private static String time(long timestamp, TimestampUnit unit) {
        try {
            return TimeText.format(Math.multiplyExact(timestamp, unit.nanos()));
        } catch (ArithmeticException tooFar) {
            return timestamp + " " + unit.text();
        }
    }
}
