package io.firn.cli;

import io.firn.partition.MissingFieldPolicy;
import io.firn.partition.ValueFormat;
import io.firn.series.SampleMapping;
import io.firn.series.SeriesStore;
import io.firn.series.SeriesType;
import io.firn.series.TimestampUnit;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firn series write}. Confined to one thread. */
@Command(
        name = "write",
        description = "Writes the samples of a file or of standard input; makes the store when there is none. Written"
                + " twice, samples count once. No other process may have the store open for writing.")
final class SeriesWriteCommand implements CliCommand {
    /** What the lines of the input are. */
    enum Format {
        /** Prometheus' text format; timestamps are milliseconds. */
        PROMETHEUS,
        /** OpenMetrics; timestamps are seconds. */
        OPENMETRICS,
        /** Comma separated values; the first line names the columns. */
        CSV,
        /** One JSON object a line. */
        JSONL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Mixin
    private final SeriesArgument argument = new SeriesArgument();

    @Parameters(index = "1", arity = "0..1", paramLabel = "<file>", description = "Input; '-' is standard input.")
    private String file = "-";

    @Option(
            names = "--format",
            paramLabel = "prometheus|openmetrics|csv|jsonl",
            description = "What the lines are; default: ${DEFAULT-VALUE}. csv: the first line names the columns.")
    private Format format = Format.PROMETHEUS;

    @Option(names = "--separator", paramLabel = "<char>", description = "Between CSV fields; default: a comma.")
    private char separator = ',';

    @Option(
            names = "--labels",
            paramLabel = "<fields>",
            description =
                    "csv, jsonl: labels and where they come from, for example \"__name__='temp',site=value.site\".")
    private String labels = "";

    @Option(
            names = "--timestamp",
            paramLabel = "<field>",
            description = "csv, jsonl: the time, for example value.ts@s; ISO 8601 or a number, of milliseconds without"
                    + " a unit. 'timestamp' is the time of writing.")
    private String timestamp = "";

    @Option(
            names = "--value",
            paramLabel = "<fields>",
            description = "csv, jsonl: the value, for example value.usage; or several with the names of their metrics,"
                    + " for example temp=value.t,humidity=value.h.")
    private String values = "";

    @Option(
            names = "--type",
            paramLabel = "untyped|gauge|counter|histogram|summary",
            description = "csv, jsonl: type of the series; default: untyped.")
    private SeriesType type = SeriesType.UNTYPED;

    @Option(
            names = "--config",
            paramLabel = "<option>=<value>",
            description = "An option of the store, docs/series.md; may be repeated.")
    private Map<String, String> options = new LinkedHashMap<>();

    @Option(
            names = "--commit-every",
            paramLabel = "<n>",
            description = "Write after so many samples, or after one second; default: ${DEFAULT-VALUE}.")
    private int commitEvery = 10_000;

    @Option(names = "--ack", description = "Print the number of lines that are written and durable after each commit.")
    private boolean ack;

    @Override
    public int run(CliContext context) throws IOException {
        if (commitEvery < 1) {
            throw new UsageException("--commit-every " + commitEvery + ": must be at least 1");
        }
        boolean mapped = format == Format.CSV || format == Format.JSONL;
        if (mapped && (timestamp.isEmpty() || values.isEmpty())) {
            throw new UsageException(
                    "--format " + format + " needs --timestamp and --value, and --labels or names of" + " the values");
        }
        if (!mapped && !(timestamp + values + labels).isEmpty()) {
            throw new UsageException(
                    "--labels, --timestamp and --value belong to --format csv and jsonl; " + format + " lines say all");
        }
        try (InputStream input = InputChunks.file(context, file);
                InputChunks chunks = InputChunks.open(input);
                SeriesStore store = argument.write(options)) {
            LineReader lines = new LineReader(chunks);
            SampleInput samples = mapped
                    ? mapped(lines, store.timestampUnit())
                    : SampleInput.exposition(format == Format.OPENMETRICS, store.timestampUnit());
            return new SeriesWriteSession(context, store, samples, commitEvery, ack).run(lines);
        }
    }

    private SampleInput mapped(LineReader lines, TimestampUnit unit) throws IOException {
        LineInput input = LineInput.open(lines, format == Format.CSV ? InputFormat.CSV : InputFormat.JSONL, separator);
        return SampleInput.mapped(mapping(input.valueFormat()), input, unit);
    }

    private SampleMapping mapping(ValueFormat valueFormat) {
        return UsageException.reading(
                "--labels, --timestamp, --value",
                () -> SampleMapping.parse(
                        new SampleMapping.Text(labels, timestamp, values), type, MissingFieldPolicy.NULL, valueFormat));
    }
}
