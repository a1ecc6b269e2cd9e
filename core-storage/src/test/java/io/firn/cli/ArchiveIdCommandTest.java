package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code firn archive-id}. */
class ArchiveIdCommandTest {
    private static final String ID = "0f0e0d0c-0b0a-4908-8706-050403020100";

    @TempDir
    Path directory;

    @Test
    void givesAnArchiveAnIdOnce() {
        String archive = directory.resolve("a").toString();

        CommandRun none = CommandRun.of("archive-id", archive);
        assertThat(none.code()).isEqualTo(CliCommand.FAILED);
        assertThat(none.messages()).contains("no archive at " + archive).contains("--create");
        assertThat(directory).isEmptyDirectory();

        CommandRun made = CommandRun.of("archive-id", archive, "--create");
        assertThat(made.code()).isZero();
        assertThat(UUID.fromString(made.out().strip())).isNotNull();
        assertThat(CommandRun.of("archive-id", archive).out()).isEqualTo(made.out());
        assertThat(CommandRun.of("archive-id", archive, "--create").out()).isEqualTo(made.out());
    }

    @Test
    void setsAnIdThatIsGivenAndRefusesAnotherOne() {
        String archive = directory.resolve("a").toString();
        assertThat(CommandRun.of("archive-id", archive, "--set", ID).out()).isEqualTo(ID + "\n");
        assertThat(CommandRun.of("archive-id", archive, "--set", ID).code()).isZero();

        CommandRun other =
                CommandRun.of("archive-id", archive, "--set", UUID.randomUUID().toString());

        assertThat(other.code()).isEqualTo(CliCommand.FAILED);
        assertThat(other.messages()).contains("sees archive " + ID);
        assertThat(CommandRun.of("archive-id", archive).out()).isEqualTo(ID + "\n");
    }

    @Test
    void aTableIsNoArchive() {
        String table = directory.resolve("t").toString();
        assertThat(CommandRun.of("create", table).code()).isZero();

        CommandRun created = CommandRun.of("archive-id", table, "--create");
        CommandRun set = CommandRun.of("archive-id", table, "--set", ID);

        assertThat(created.code()).isEqualTo(CliCommand.USAGE);
        assertThat(created.messages()).contains("is a table", "the directory that holds it: " + directory);
        assertThat(set.code()).isEqualTo(CliCommand.USAGE);
        assertThat(Path.of(table, "@archive")).doesNotExist();
    }

    @Test
    void refusesWhatIsNoId() {
        assertThat(CommandRun.of("archive-id", directory.toString(), "--set", "x")
                        .messages())
                .contains("expected a UUID", "found 'x'")
                .doesNotContain("java.");
        assertThat(CommandRun.of("archive-id", directory.toString(), "--set", "x")
                        .code())
                .isEqualTo(CliCommand.USAGE);
        assertThat(CommandRun.of("archive-id", directory.toString(), "--set", ID, "--create")
                        .code())
                .isEqualTo(CliCommand.USAGE);
        assertThat(directory).isEmptyDirectory();
    }
}
