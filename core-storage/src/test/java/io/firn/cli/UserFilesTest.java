package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that commands write where a user says: they replace files and nothing else. */
class UserFilesTest {
    @TempDir
    Path directory;

    private Path table;

    @BeforeEach
    void makeTable() {
        table = directory.resolve("t");
        assertThat(CommandRun.of("create", table.toString()).code()).isZero();
    }

    @Test
    void aLinkStaysAndItsFileIsReplaced() throws Exception {
        Path page = Files.writeString(directory.resolve("page.html"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link.html"), Path.of("page.html"));

        CommandRun run = report(link.toString());

        assertThat(run.code()).as(run.messages()).isZero();
        assertThat(link).isSymbolicLink();
        assertThat(page).content().startsWith("<!DOCTYPE html>");
    }

    @Test
    void aDeviceAndADirectoryAreRefusedAndStay() throws Exception {
        Path device = Files.createSymbolicLink(directory.resolve("null"), Path.of("/dev/null"));
        Path inner = Files.createDirectory(directory.resolve("inner"));

        Path nowhere = Files.createSymbolicLink(directory.resolve("nowhere"), Path.of("missing/page.html"));
        for (Path place : new Path[] {device, inner, nowhere}) {
            CommandRun run = report(place.toString());
            assertThat(run.code()).isEqualTo(CliCommand.USAGE);
            assertThat(run.messages()).contains("--html", place.toString(), "name a file");
        }

        assertThat(device).isSymbolicLink();
        assertThat(inner).isEmptyDirectory();
    }

    @Test
    void theLogsOfATableAndAMissingDirectoryAreRefused() {
        Path metadata = table.resolve("_table/metadata.json");
        CommandRun inTable = report(metadata.toString());
        assertThat(inTable.code()).isEqualTo(CliCommand.USAGE);
        assertThat(inTable.messages()).contains("_table", "choose another place");
        assertThat(metadata).content().startsWith("{");

        CommandRun nowhere = report(directory.resolve("x/page.html").toString());
        assertThat(nowhere.code()).isEqualTo(CliCommand.USAGE);
        assertThat(nowhere.messages()).contains("no directory " + directory.resolve("x"));
    }

    @Test
    void aHyphenIsStandardOutput() {
        CommandRun run = report("-");

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("<!DOCTYPE html>").endsWith("</html>\n");
        assertThat(Path.of("-")).doesNotExist();
    }

    private CommandRun report(String html) {
        return CommandRun.of("report", table.toString(), "--html", html);
    }
}
