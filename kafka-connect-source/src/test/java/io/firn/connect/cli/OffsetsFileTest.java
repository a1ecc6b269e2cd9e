package io.firn.connect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.cli.CliCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of {@code firn offsets} that were changed by hand. */
class OffsetsFileTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1}", "[1]", "[{\"group\":", "nothing"})
    void anotherFileIsRefusedInPlainWords(String content) throws IOException {
        Path plan = Files.writeString(directory.resolve("plan.json"), content);
        CommandLineRun firn = new CommandLineRun();

        assertThat(firn.run("offsets", "apply", plan.toString(), "--against", "localhost:1"))
                .isEqualTo(CliCommand.FAILED);

        assertThat(firn.messages())
                .contains(plan.toString(), "that 'firn offsets' has written", "in line 1")
                .doesNotContain("java", "Token", "`");
    }
}
