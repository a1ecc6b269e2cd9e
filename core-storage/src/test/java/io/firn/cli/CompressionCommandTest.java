package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code firn compression}: one switch for all tables of an archive. */
class CompressionCommandTest {
    private static final String LINE = "{\"n\":1}\n";

    @TempDir
    Path archive;

    @Test
    void stopsAndResumesCompressionOfEveryTable() {
        String table = archive.resolve("t").toString();
        assertThat(CommandRun.of("create", table, "--config", "disk.min.free.bytes=0")
                        .code())
                .isZero();
        assertThat(CommandRun.withInput(LINE, "append", table).code()).isZero();
        assertThat(CommandRun.of("compression", archive.toString()).out()).contains("as the tables say");
        assertThat(CommandRun.of("compression", archive.toString(), "--stop").out())
                .contains("stopped");
        CommandRun compress = CommandRun.of("compress", table);
        assertThat(compress.messages()).contains("compression is stopped");
        assertThat(compress.out()).contains("compressed 0 files");
        assertThat(CommandRun.of("cat", table).out()).isEqualTo(LINE);
        assertThat(CommandRun.of("compression", archive.toString(), "--resume").out())
                .contains("as the tables say");
        assertThat(CommandRun.of("compress", table).out()).contains("compressed 1 files");
    }

    @Test
    void saysHowManyTablesItReachesAndTakesNoTable() {
        CommandRun none = CommandRun.of("compression", archive.toString(), "--stop");
        assertThat(none.out()).contains("stopped (0 tables)");
        assertThat(none.messages()).contains("no table in " + archive);
        Path table = archive.resolve("t");
        assertThat(CommandRun.of("create", table.toString()).code()).isZero();
        assertThat(CommandRun.of("compression", archive.toString()).out()).contains("stopped (1 table)");

        for (String option : new String[] {"--stop", "--resume"}) {
            CommandRun wrong = CommandRun.of("compression", table.toString(), option);
            assertThat(wrong.code()).isEqualTo(CliCommand.USAGE);
            assertThat(wrong.messages()).contains("is a table", "the directory that holds it: " + archive);
        }
        assertThat(table.resolve("@archive")).doesNotExist();
    }

    @Test
    void refusesBothAndWhatIsNoDirectory() {
        CommandRun both = CommandRun.of("compression", archive.toString(), "--stop", "--resume");
        assertThat(both.code()).isEqualTo(CliCommand.USAGE);
        CommandRun nowhere = CommandRun.of("compression", archive.resolve("x").toString(), "--stop");
        assertThat(nowhere.code()).isEqualTo(CliCommand.FAILED);
        assertThat(archive).isEmptyDirectory();
    }
}
