package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that commands refuse before they do anything. */
class PathArgumentsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create ''",
                "config ''",
                "append ''",
                "cat ''",
                "ls ''",
                "stats ''",
                "verify ''",
                "recover ''",
                "settle ''",
                "compress ''",
                "decompress ''",
                "compact ''",
                "drop '' --where x=1",
                "expire ''",
                "erase '' --key k",
                "repartition '' t --partition-fields x:string=value.x",
                "repartition t '' --partition-fields x:string=value.x",
                "compression '' --stop",
                "archive-id '' --create",
                "report '' --html x",
                "report t --html ''",
                "migrate '' t",
                "migrate old ''",
                "series write ''",
                "series stats ''",
                "series labels ''",
                "series select '' up",
                "series delete '' up",
                "series maintain ''"
            })
    void anEmptyPathIsNotTheDirectoryThatTheProcessIsIn(String command) {
        String[] arguments = command.replace("''", "@").split(" ");
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = arguments[i].equals("@") ? "" : arguments[i];
        }

        CommandRun run = CommandRun.of(arguments);

        assertThat(run.code()).as(run.messages()).isEqualTo(CliCommand.USAGE);
        assertThat(run.messages()).contains("the path is empty");
    }

    @Test
    void anEmptyInputFileIsNamed() {
        String table = directory.resolve("t").toString();
        assertThat(CommandRun.of("create", table).code()).isZero();
        CommandRun run = CommandRun.of("append", table, "");
        assertThat(run.code()).isEqualTo(CliCommand.USAGE);
        assertThat(run.messages()).contains("the path is empty");
    }

    @Test
    void aTableIsNotMadeInsideATable() {
        Path table = directory.resolve("t");
        assertThat(CommandRun.of("create", table.toString()).code()).isZero();
        for (String inside : new String[] {"u", "a/b", "_table/u"}) {
            CommandRun run = CommandRun.of("create", table.resolve(inside).toString());
            assertThat(run.code()).isEqualTo(CliCommand.FAILED);
            assertThat(run.messages()).contains("inside the table " + table, "choose a place outside");
            assertThat(table.resolve(inside)).doesNotExist();
        }
        assertThat(CommandRun.withInput("up 1 1\n", "series", "write", table.toString())
                        .messages())
                .contains("inside the table " + table);
    }
}
