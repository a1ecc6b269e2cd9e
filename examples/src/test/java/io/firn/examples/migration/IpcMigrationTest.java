package io.firn.examples.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.ipc.ArchiveLayout;
import io.firn.ipc.StreamKey;
import io.firn.testing.LegacyFixture;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IpcMigrationTest {
    private static final StreamKey KEY = StreamKey.of("binance", "BTCUSDT", "2026-01-31", "trades");

    @TempDir
    Path directory;

    @Test
    void countsMatchAndASecondRunMigratesNothing() {
        FileStore store = LocalFileStore.open(IoMode.AUTO);
        ArchiveLayout layout = new ArchiveLayout(directory.resolve("old"));
        byte[] first =
                new LegacyFixture(0, true).addAll(LegacyFixture.records(0, 200)).bytes();
        LegacyFixture.writeCold(store, layout.segment(KEY, 0), first, 8192);
        byte[] second = new LegacyFixture(1, false)
                .addAll(LegacyFixture.records(200, 250))
                .zeros(1 << 16)
                .bytes();
        LegacyFixture.write(store, layout.segment(KEY, 1), second);

        String path = KEY.partition().toPath();
        assertThat(run()).isEqualTo(path + ": 250 records migrated, 250 of 250 read from the table\n");
        assertThat(run()).isEqualTo(path + ": 0 records migrated, 250 of 250 read from the table\n");
    }

    private String run() {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            IpcMigration.main(new String[] {
                directory.resolve("old").toString(), directory.resolve("new").toString()
            });
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
