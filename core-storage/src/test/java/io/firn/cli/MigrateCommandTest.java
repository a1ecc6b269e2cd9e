package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.ipc.ArchiveLayout;
import io.firn.ipc.StreamKey;
import io.firn.testing.LegacyFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrateCommandTest {
    private static final StreamKey KEY = StreamKey.of("binance", "BTCUSDT", "2026-01-31", "trades");

    @TempDir
    Path directory;

    @Test
    void migratesOnceAndTheTableHasEveryRecord() {
        writeOld();
        CommandRun first = CommandRun.of("migrate", old(), table());
        assertThat(first.code()).as(first.messages()).isZero();
        assertThat(first.out())
                .contains("250 records, now 250: " + KEY.partition().toPath() + "\n")
                .endsWith("migrated 250 records; the table has 250 records of 1 stream\n");
        assertThat(CommandRun.of("migrate", old(), table()).out())
                .isEqualTo("migrated 0 records; the table has 250 records of 1 stream\n");
        assertThat(CommandRun.of("migrate", old(), table(), "--json").out())
                .contains("\"migratedRecords\"", "\"totalRecords\"", "250", "\"failures\"");
        assertThat(CommandRun.of("cat", table()).out().lines()).hasSize(250);
        assertThat(CommandRun.of("verify", table()).out()).startsWith("sound: 250 records");
    }

    @Test
    void damageIsNamedAndEndsWithCodeOne() throws IOException {
        writeOld();
        Path segment = Path.of(old()).resolve("v1/binance/BTCUSDT/2026-01-31/trades/000000000.q");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[64 + 64 + 64 + 3] ^= 1;
        Files.write(segment, bytes);
        CommandRun run = CommandRun.of("migrate", old(), table());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.messages()).contains(segment.toString(), "offset", "restore");
    }

    @Test
    void saysWhereItLookedForTheOldArchive() {
        CommandRun run = CommandRun.of("migrate", old(), table());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.messages()).contains(old() + "/v1", "'v1' or 'raw'");
        assertThat(CommandRun.of("migrate", old()).code()).isEqualTo(2);
    }

    @Test
    void theTableStandsApartFromTheOldArchive() {
        writeOld();
        for (String target : new String[] {old(), old() + "/v1/table", directory.toString()}) {
            CommandRun run = CommandRun.of("migrate", old(), target);
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.messages()).contains("one lies in the other", "choose a directory");
        }
        assertThat(Path.of(old()).resolve("_table")).doesNotExist();
        assertThat(directory.resolve("_table")).doesNotExist();
    }

    private void writeOld() {
        FileStore store = LocalFileStore.open(IoMode.AUTO);
        byte[] segment =
                new LegacyFixture(0, true).addAll(LegacyFixture.records(0, 250)).bytes();
        LegacyFixture.write(store, new ArchiveLayout(Path.of(old())).segment(KEY, 0), segment);
    }

    private String old() {
        return directory.resolve("old").toString();
    }

    private String table() {
        return directory.resolve("table").toString();
    }
}
