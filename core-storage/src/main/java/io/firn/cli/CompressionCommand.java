package io.firn.cli;

import io.firn.error.NotFoundException;
import io.firn.table.ArchiveRoot;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firn compression}. Confined to one thread. */
@Command(
        name = "compression",
        description = "Stops compression in all tables of an archive, lets it go on, or says whether it is stopped.")
final class CompressionCommand implements CliCommand {
    @Parameters(index = "0", paramLabel = "<archive>", description = "Directory that holds the tables.")
    private Path path = Path.of("");

    @Option(names = "--stop", description = "Nothing is compressed any more, whatever the tables say.")
    private boolean stop;

    @Option(names = "--resume", description = "Every table goes by its own policy again.")
    private boolean resume;

    @Override
    public int run(CliContext context) throws IOException {
        if (stop && resume) {
            throw new UsageException("--stop does not go with --resume");
        }
        if (!context.environment().store().isDirectory(path)) {
            throw new NotFoundException("There is no directory " + path + "; check the path");
        }
        UsageException.checking("<archive>", () -> ArchiveRoot.refuseTable(context.environment(), path));
        if (stop) {
            ArchiveRoot.openOrCreate(context.environment(), path).stopCompression();
        } else if (resume) {
            ArchiveRoot.open(context.environment(), path).ifPresent(ArchiveRoot::resumeCompression);
        }
        boolean stopped = ArchiveRoot.isCompressionStopped(context.environment().store(), path);
        int tables = ArchiveRoot.tablesBelow(context.environment(), path).size();
        context.output()
                .line("compression in " + path + " is " + (stopped ? "stopped" : "as the tables say") + " ("
                        + Count.of(tables, "table") + ")");
        if (tables == 0) {
            context.message("warning: there is no table in " + path + "; it holds for tables that stand right in it");
        }
        return DONE;
    }
}
