package io.firn.examples.migration;

import io.firn.ipc.ArchiveOptions;
import io.firn.ipc.ArchiveReader;
import io.firn.ipc.legacy.MigrationReport;
import io.firn.ipc.legacy.Migrator;
import io.firn.table.Isolation;
import java.nio.file.Path;

/**
 * {@code <old archive> <table>}: brings an archive of the old system into a table and counts its records there. Run it
 * as often as you like.
 */
public final class IpcMigration {
    private IpcMigration() {}

    /** Migrates and counts. */
    public static void main(String[] args) {
        Migrator migrator = Migrator.open(Path.of(args[0]), Path.of(args[1]), ArchiveOptions.defaults());
        MigrationReport report = migrator.run();
        for (MigrationReport.StreamReport stream : report.streams()) {
            System.out.println(stream.stream().key().partition().toPath() + ": " + stream.migratedRecords()
                    + " records migrated, " + count(migrator, stream) + " of " + stream.totalRecords()
                    + " read from the table");
        }
        report.failures().forEach(failure -> System.out.println("failed: " + failure));
    }

    private static long count(Migrator migrator, MigrationReport.StreamReport stream) {
        long records = 0;
        try (ArchiveReader reader =
                ArchiveReader.open(migrator.table(), stream.stream().key(), Isolation.READ_COMMITTED)) {
            while (reader.next()) {
                records++;
            }
        }
        return records;
    }
}
