package io.firn.ipc.legacy;

import io.firn.error.ConfigException;
import io.firn.error.FirnException;
import io.firn.fs.RealPath;
import io.firn.ipc.ArchiveOptions;
import io.firn.ipc.StreamKey;
import io.firn.ipc.legacy.MigrationReport.StreamReport;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Copies an old archive into a table, exactly once, as often as it is run.
 *
 * <p>Every old stream has a writer of its own in the table, whose position is the number of its records that are there:
 * records and position become durable with the same commit. So a run that was killed at any moment is simply run
 * again, and a run beside an old writer brings what the one before could not see. Old files are only read. One run at a
 * time works on a stream; readers of the table and writers of new archives are not disturbed. Confined to one thread.
 *
 * <p>The first run of a migrator reads, and so verifies, everything; the next ones go on at the last record of each
 * stream, unless files that were read before look different: then they read everything again.
 */
public final class Migrator {
    private final LegacyArchive archive;
    private final Table table;
    private final Map<LegacyStream, LegacyPlace> places = new HashMap<>();

    private Migrator(LegacyArchive archive, Table table) {
        this.archive = archive;
        this.table = table;
    }

    /**
     * Opens a migration; creates the table when there is none.
     *
     * @param oldRoot the directory that holds {@code v1} or {@code raw}
     * @param table directory of the table
     * @param options configuration of a new table, files and clock
     * @throws io.firn.error.NotFoundException when there is no old archive
     * @throws ConfigException when the directory holds another kind of table, or overlaps with the old archive
     */
    public static Migrator open(Path oldRoot, Path table, ArchiveOptions options) {
        LegacyArchive archive = LegacyArchive.open(options.environment().store(), oldRoot);
        refuseOverlap(oldRoot, table);
        return new Migrator(
                archive, Table.openOrCreate(table, StreamKey.SCHEME, options.config(), options.environment()));
    }

    /** Old files are only read: nothing new stands among them, and they do not stand in a table. */
    private static void refuseOverlap(Path oldRoot, Path table) {
        Path old = RealPath.of(oldRoot);
        Path target = RealPath.of(table);
        if (target.startsWith(old) || old.startsWith(target)) {
            throw new ConfigException("Cannot migrate " + oldRoot + " into " + table + ": one lies in the other; choose"
                    + " a directory for the table that is apart from the old archive");
        }
    }

    /** The table. */
    public Table table() {
        return table;
    }

    /** Brings what is missing into the table. */
    public MigrationReport run() {
        return run(stream -> {});
    }

    /**
     * Brings what is missing into the table; a stream that fails does not stop the others.
     *
     * @param progress is told of each stream when it is done
     */
    public MigrationReport run(Consumer<StreamReport> progress) {
        LegacyArchive.Contents contents = archive.contents();
        Map<String, Long> positions =
                table.lanes().stream().collect(Collectors.toMap(LaneInfo::writer, LaneInfo::position));
        List<StreamReport> streams = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        contents.notUnderstood().forEach(entry -> failures.add("not a stream of an old archive: " + entry));
        for (LegacyStream stream : contents.streams()) {
            StreamMigration migration =
                    new StreamMigration(archive, table, stream, positions.getOrDefault(stream.writer(), 0L));
            try {
                migration.run(Optional.ofNullable(places.remove(stream))).ifPresent(place -> places.put(stream, place));
            } catch (FirnException failed) {
                failures.add(stream + ": " + failed.getMessage());
            }
            migration
                    .blankFiles()
                    .forEach(file -> remarks.add(stream + ": " + file + " holds zeros only and was taken for empty"));
            StreamReport report = migration.report();
            streams.add(report);
            progress.accept(report);
        }
        return new MigrationReport(streams, failures, remarks);
    }
}
