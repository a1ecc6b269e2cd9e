package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code firn config}: what is stored with a table, and changes of it. */
class ConfigCommandTest {
    @TempDir
    Path directory;

    private String table = "";

    @BeforeEach
    void makeTable() {
        table = directory.resolve("t").toString();
        String[] create = {"create", table, "--partition-by", "o:string=value.o", "--config", "compression.level=9"};
        assertThat(CommandRun.of(create).code()).isZero();
    }

    @Test
    void printsAllOptions() {
        CommandRun run = CommandRun.of("config", table);
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("compression.level=9\n", "retention.ms=-1\n", "partition.fields=o:string=value.o\n");
    }

    @Test
    void storesWhatIsChangedAndPrintsIt() {
        CommandRun run = CommandRun.of("config", table, "--set", "retention.ms=30d", "--set", "compression.level=9");
        assertThat(run.code()).as(run.messages()).isZero();
        assertThat(run.out()).isEqualTo("retention.ms=2592000000\n");
        assertThat(CommandRun.of("config", table).out()).contains("retention.ms=2592000000\n", "compression.level=9\n");
        CommandRun again = CommandRun.of("config", table, "--set", "retention.ms=30d");
        assertThat(again.out()).isEmpty();
        assertThat(again.messages()).contains("nothing was changed");
    }

    @Test
    void refusesWhatCannotBeStoredAndChangesNothing() {
        String before = CommandRun.of("config", table).out();
        assertRefused("there is no table option 'retention'", "retention=1d");
        assertRefused("'30MiB'", "retention.ms=30MiB");
        assertRefused("cannot be changed", "partition.fields=p:string=value.p");
        assertThat(CommandRun.of("config", table).out()).isEqualTo(before);
        assertThat(CommandRun.of("config", directory.toString()).code()).isEqualTo(CliCommand.FAILED);
    }

    private void assertRefused(String reason, String change) {
        CommandRun run = CommandRun.of("config", table, "--set", "compression.level=1", "--set", change);
        assertThat(run.code()).as(run.messages()).isEqualTo(CliCommand.USAGE);
        assertThat(run.messages()).contains("--set", reason);
        assertThat(run.out()).isEmpty();
    }
}
