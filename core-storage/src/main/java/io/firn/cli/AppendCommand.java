package io.firn.cli;

import io.firn.partition.PartitionMapping;
import io.firn.table.Table;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firn append}. Confined to one thread. */
@Command(
        name = "append",
        description = "Appends the lines of a file or of standard input, each as one record."
                + " The value of a record is the line without its line feed, byte for byte.")
final class AppendCommand implements CliCommand {
    @Mixin
    private final TableArgument argument = new TableArgument();

    @Parameters(index = "1", arity = "0..1", paramLabel = "<file>", description = "Input; '-' is standard input.")
    private String file = "-";

    @Option(names = "--writer", paramLabel = "<name>", description = "Name of the writer; default: ${DEFAULT-VALUE}.")
    private String writer = "main";

    @Option(
            names = "--format",
            paramLabel = "jsonl|csv",
            description = "csv: the first line names the columns and is not stored. Default: ${DEFAULT-VALUE}.")
    private InputFormat format = InputFormat.JSONL;

    @Option(names = "--separator", paramLabel = "<char>", description = "Between CSV fields; default: a comma.")
    private char separator = ',';

    @Option(
            names = "--timestamp-field",
            paramLabel = "<field>",
            description = "Field of the value with the record's time: ISO 8601, or a number with the unit that"
                    + " field@ms, @s, @us or @ns names (numbers of JSON are milliseconds without one)."
                    + " Default: the time of appending.")
    private @Nullable String timestampField;

    @Option(
            names = "--partition-by",
            paramLabel = "<fields>",
            description = "Partition fields, for a table that was created without naming their sources.")
    private @Nullable String partitionBy;

    @Option(
            names = "--commit-every",
            paramLabel = "<n>",
            description = "Commit after so many records, or after one second; default: ${DEFAULT-VALUE}.")
    private int commitEvery = 10_000;

    @Option(names = "--ack", description = "Print the number of committed records of this run after each commit.")
    private boolean ack;

    @Override
    public int run(CliContext context) throws IOException {
        if (commitEvery < 1) {
            throw new UsageException("--commit-every " + commitEvery + ": must be at least 1");
        }
        try (Table table = argument.open(context);
                InputStream input = InputChunks.file(context, file);
                InputChunks chunks = InputChunks.open(input)) {
            LineInput lines = LineInput.open(new LineReader(chunks), format, separator);
            RecordMaker records = new RecordMaker(mapping(table), timestampField, lines.valueFormat());
            try (TableWriter opened = table.writer(options(records))) {
                return new AppendSession(context, opened, records, commitEvery, ack).run(lines);
            }
        }
    }

    private WriterOptions options(RecordMaker records) {
        WriterOptions.Builder options = WriterOptions.named(writer);
        records.mapping().ifPresent(options::mapping);
        return options.build();
    }

    private @Nullable PartitionMapping mapping(Table table) {
        if (partitionBy != null) {
            String text = partitionBy;
            PartitionMapping mapping = UsageException.reading(
                    "--partition-by",
                    () -> PartitionMapping.parse(text)
                            .withMissingField(table.config().missingField()));
            requireScheme(table, mapping);
            return mapping;
        }
        if (table.scheme().isUnpartitioned()) {
            return null;
        }
        return table.config()
                .partitionMapping()
                .orElseThrow(() -> new UsageException("The table " + table.path() + " is partitioned by ["
                        + table.scheme().describe()
                        + "] and does not say from where the values come; say it with --partition-by"));
    }

    private static void requireScheme(Table table, PartitionMapping mapping) {
        if (!mapping.scheme().equals(table.scheme())) {
            throw new UsageException("--partition-by: makes partitions ["
                    + mapping.scheme().describe() + "], but " + table.path() + " is partitioned by ["
                    + table.scheme().describe() + "]; give the sources of those fields, or leave it out");
        }
    }
}
