package io.firn.cli;

import io.firn.error.NotFoundException;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.lifecycle.verify.VerifyReport;
import io.firn.series.SeriesReader;
import io.firn.table.ArchiveRoot;
import io.firn.table.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firn report}. Confined to one thread. */
@Command(
        name = "report",
        description = "Writes a page about all tables of an archive, or about one table: sizes, partitions, writers and"
                + " what was rewritten. The page needs no network.")
final class ReportCommand implements CliCommand {
    @Parameters(index = "0", paramLabel = "<archive>", description = "Directory that holds the tables, or a table.")
    private Path path = Path.of("");

    @Option(
            names = "--html",
            paramLabel = "<file>",
            required = true,
            description = "The page; replaced if it is there. '-' is standard output.")
    private Path html = Path.of("");

    @Option(names = "--verify", description = "Read everything and check it first, as firn verify does.")
    private boolean verify;

    @Override
    public int run(CliContext context) throws IOException {
        List<Path> tables = tables(context);
        if (!isStandardOutput()) {
            UsageException.reading("--html", file(context)::target);
        }
        List<TableFigures> figures = new ArrayList<>();
        Map<String, VerifyReport> verified = new TreeMap<>();
        for (Path directory : tables) {
            String name = String.valueOf(directory.toAbsolutePath().normalize().getFileName());
            try (Table table = Table.open(directory, context.environment())) {
                figures.add(TableFigures.of(name, table));
                if (verify) {
                    verified.put(name, TableVerifier.verify(table));
                }
            }
        }
        Optional<UUID> id = ArchiveRoot.open(context.environment(), path).map(ArchiveRoot::id);
        ReportPage page = new ReportPage(
                path.toAbsolutePath().normalize(),
                id,
                context.environment().clock().instant());
        write(context, page.render(figures, verified).getBytes(StandardCharsets.UTF_8));
        if (!isStandardOutput()) {
            context.output().line("report about " + Count.of(figures.size(), "table") + ": " + html);
        }
        return verified.values().stream().allMatch(VerifyReport::isSound) ? DONE : FAILED;
    }

    private void write(CliContext context, byte[] page) throws IOException {
        if (isStandardOutput()) {
            context.output().write(page);
        } else {
            file(context).write(page);
        }
    }

    private boolean isStandardOutput() {
        return html.toString().equals("-");
    }

    private WholeFile file(CliContext context) {
        return new WholeFile(context.environment().store(), html);
    }

    private List<Path> tables(CliContext context) {
        if (!context.environment().store().isDirectory(path)) {
            throw new NotFoundException("There is no directory " + path + "; check the path");
        }
        List<Path> stores = SeriesReader.storesAt(path, context.environment());
        if (stores.contains(path.toAbsolutePath().normalize())) {
            throw new UsageException(
                    "<archive>: " + path + " is a series store; 'firn series stats " + path + "' has its figures");
        }
        if (!stores.isEmpty()) {
            context.message("note: " + Count.of(stores.size(), "series store") + " in " + path
                    + " left out; firn series stats has the figures");
        }
        List<Path> below = ArchiveRoot.tablesBelow(context.environment(), path).stream()
                .map(path::resolve)
                .toList();
        if (!below.isEmpty()) {
            return below;
        }
        Path parent = path.toAbsolutePath().normalize();
        Path directory = parent.getParent();
        boolean isTable = directory != null
                && ArchiveRoot.tablesBelow(context.environment(), directory)
                        .contains(String.valueOf(parent.getFileName()));
        if (!isTable) {
            throw new NotFoundException("There is no table in " + path + "; check the path");
        }
        return List.of(path);
    }
}
