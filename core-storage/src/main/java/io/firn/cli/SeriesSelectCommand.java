package io.firn.cli;

import io.firn.series.SampleCursor;
import io.firn.series.SeriesCursor;
import io.firn.series.SeriesReader;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firn series select}. Confined to one thread. */
@Command(
        name = "select",
        description = "Prints the samples of series, in the order of their labels and times; works while another"
                + " process writes.")
final class SeriesSelectCommand implements CliCommand {
    @Mixin
    private final SeriesSelection selection = new SeriesSelection();

    /** How samples are printed. */
    enum Format {
        /** A line for each sample: series, timestamp, value; with a line of titles. */
        CSV,
        /** A JSON object for each sample. */
        JSONL,
        /** Lines that {@code firn series write} reads. */
        PROMETHEUS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--format",
            paramLabel = "csv|jsonl|prometheus",
            description = "How samples are printed; default: ${DEFAULT-VALUE}.")
    private Format format = Format.CSV;

    @Option(names = "--limit", paramLabel = "<n>", description = "At most so many samples.")
    private long limit = Long.MAX_VALUE;

    @Override
    public int run(CliContext context) throws IOException {
        if (limit < 1) {
            throw new UsageException("--limit " + limit + ": must be at least 1");
        }
        try (SeriesReader reader = selection.store().read()) {
            SamplePrinter printer = new SamplePrinter(context.output(), format, reader.timestampUnit());
            printer.begin();
            long printed = 0;
            try (SeriesCursor series = reader.select(selection.matchers(), selection.range(reader.timestampUnit()))) {
                while (printed < limit && !context.isStopRequested() && series.next()) {
                    SampleCursor samples = series.samples();
                    printer.series(series.labels(), series.type());
                    while (printed < limit && !context.isStopRequested() && samples.next()) {
                        printer.sample(samples.timestamp(), samples.value());
                        printed++;
                    }
                }
            }
            printer.end();
        }
        return DONE;
    }
}
