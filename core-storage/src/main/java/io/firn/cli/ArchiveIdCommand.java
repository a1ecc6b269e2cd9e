package io.firn.cli;

import io.firn.table.ArchivePin;
import io.firn.table.ArchiveRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firn archive-id}. Confined to one thread. */
@Command(
        name = "archive-id",
        description = "Shows the id of an archive, for the option firn.archive.id; makes the archive with an id when"
                + " asked to. An id never changes.")
final class ArchiveIdCommand implements CliCommand {
    @Parameters(index = "0", paramLabel = "<archive>", description = "Directory that holds the tables.")
    private Path path = Path.of("");

    @Option(names = "--create", description = "Give the archive a new id if it has none; the directory is made.")
    private boolean create;

    @Option(
            names = "--set",
            paramLabel = "<id>",
            description = "Give the archive this id (a UUID) if it has none; fail if it has another one.")
    private @Nullable UUID id;

    @Override
    public int run(CliContext context) throws IOException {
        if (create && id != null) {
            throw new UsageException("--create does not go with --set");
        }
        if (create || id != null) {
            UsageException.checking("<archive>", () -> ArchiveRoot.refuseTable(context.environment(), path));
        }
        if (create) {
            ArchiveRoot.openOrCreate(context.environment(), path);
        } else if (id != null) {
            ArchiveRoot.openOrCreate(context.environment(), path, id);
            ArchivePin.parse("--set", id.toString()).check(context.environment(), path);
        }
        Optional<ArchiveRoot> root = ArchiveRoot.open(context.environment(), path);
        if (root.isEmpty()) {
            context.message("firn: there is no archive at " + path + "; --create makes one");
            return FAILED;
        }
        context.output().line(root.get().id().toString());
        return DONE;
    }
}
