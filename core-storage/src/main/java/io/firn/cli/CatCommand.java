package io.firn.cli;

import io.firn.error.ConfigException;
import io.firn.partition.PartitionFilter;
import io.firn.table.ByteSize;
import io.firn.table.Isolation;
import io.firn.table.LaneInfo;
import io.firn.table.ReadOrder;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import io.firn.table.TableReader;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firn cat}. Confined to one thread. */
@Command(
        name = "cat",
        description = "Prints records: writer by writer, each in the order in which it appended, or by time.")
final class CatCommand implements CliCommand {
    private static final long POLL_MS = 100;

    @Mixin
    private final TableArgument argument = new TableArgument();

    @Mixin
    private final WhereOption where = new WhereOption();

    @Option(
            names = "--from",
            paramLabel = "<time>",
            description = "Only records of this time (ISO 8601 or ms) or later.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "<time>", description = "Only records before this time.")
    private @Nullable String to;

    @Option(names = "--writer", paramLabel = "<name>", description = "Only records of this writer.")
    private @Nullable String writer;

    @Option(
            names = "--order",
            paramLabel = "writer|time|partition",
            description = "writer: writer by writer, each in its own order; time: by timestamp over all writers;"
                    + " partition: partition by partition. Default: writer.")
    private ReadOrder order = ReadOrder.WRITER;

    @Option(
            names = "--format",
            paramLabel = "value|jsonl|hex",
            description = "value: the bytes and a line feed; jsonl: the whole record; hex: the value in hexadecimal."
                    + " Default: ${DEFAULT-VALUE}.")
    private OutputFormat format = OutputFormat.VALUE;

    @Option(names = "--limit", paramLabel = "<n>", description = "Print so many records at most.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "--read-ahead",
            paramLabel = "<bytes>",
            description = "How much is read ahead (decompressed, checked) on other cores; 0 for none."
                    + " Default: 32MiB, at most a sixteenth of the heap.")
    private @Nullable String readAhead;

    @Option(names = "--follow", description = "Wait for more records, until interrupted.")
    private boolean follow;

    @Option(names = "--uncommitted", description = "Also show what is appended and not committed; it may be withdrawn.")
    private boolean uncommitted;

    @Override
    public int run(CliContext context) throws IOException {
        if (limit < 0) {
            throw new UsageException("--limit " + limit + ": must not be negative");
        }
        if (order != ReadOrder.WRITER && (follow || uncommitted)) {
            throw new UsageException("--order " + order.name().toLowerCase(Locale.ROOT)
                    + " is for what is there: leave out --follow and --uncommitted");
        }
        try (Table table = argument.open(environment(context));
                TableReader reader = table.reader(options(where.parse(table)))) {
            remarkUnknownWriter(context, table);
            RecordPrinter printer = format.printer(context.output());
            print(context, reader, printer);
            printer.flush();
        }
        return DONE;
    }

    private void print(CliContext context, TableReader reader, RecordPrinter printer) throws IOException {
        long left = limit;
        long leftAtLook = Long.MIN_VALUE;
        while (left > 0 && !context.isStopRequested()) {
            if (reader.next()) {
                printer.print(reader);
                left--;
            } else if (follow) {
                printer.flush();
                context.output().flush();
                boolean idle = left == leftAtLook;
                leftAtLook = left;
                if (!reader.refresh() || idle) {
                    context.awaitStop(POLL_MS);
                }
            } else {
                return;
            }
        }
    }

    private void remarkUnknownWriter(CliContext context, Table table) {
        if (writer == null) {
            return;
        }
        List<String> writers = table.lanes().stream().map(LaneInfo::writer).toList();
        if (!writers.contains(writer)) {
            context.message("note: there is no writer '" + writer + "' in " + table.path() + "; it has "
                    + (writers.isEmpty() ? "none" : Count.of(writers.size(), "writer") + ", firn stats names them"));
        }
    }

    private TableEnvironment environment(CliContext context) {
        if (readAhead == null) {
            return context.environment();
        }
        try {
            return context.environment().withReadAheadBytes(ByteSize.parse(readAhead));
        } catch (ConfigException wrong) {
            throw new UsageException("--read-ahead " + readAhead + ": " + wrong.getMessage());
        }
    }

    private ScanOptions options(PartitionFilter filter) {
        long fromNs = from == null ? Long.MIN_VALUE : TimeText.parseNs("--from", from);
        long toNs = to == null ? Long.MAX_VALUE : TimeText.parseNs("--to", to);
        if (fromNs > toNs) {
            throw new UsageException("--from " + from + " is after --to " + to);
        }
        ScanOptions.Builder options = ScanOptions.builder()
                .filter(filter)
                .fromNs(fromNs)
                .toNs(toNs)
                .order(order)
                .isolation(uncommitted ? Isolation.READ_UNCOMMITTED : Isolation.READ_COMMITTED);
        if (writer != null) {
            options.writer(writer);
        }
        return options.build();
    }
}
