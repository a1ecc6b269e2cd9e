package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of an earlier day than the newest one that was appended. */
class LateAppendTest {
    private static final String DAY_TWO = "{\"date\":\"2001-01-02T10:00:00Z\",\"n\":1}\n";
    private static final String LATE = "{\"date\":\"2001-01-01T10:00:00Z\",\"n\":2}\n";
    private static final String DAY_TWO_AGAIN = "{\"date\":\"2001-01-02T11:00:00Z\",\"n\":3}\n";
    private static final String LINES = DAY_TWO + LATE + DAY_TWO_AGAIN;

    @TempDir
    Path directory;

    @Test
    void areStoredInThePartitionWithoutADateWhenRouted() {
        String table = create("late.data.policy=route");
        assertThat(append(table, DAY_TWO).code()).isZero();
        CommandRun late = append(table, LATE + DAY_TWO_AGAIN);
        assertThat(late.code()).isZero();
        assertThat(late.messages()).contains("2 records appended");
        assertThat(CommandRun.of("cat", table).out()).isEqualTo(LINES);
        assertThat(CommandRun.of("cat", table, "--where", "dt is null").out()).isEqualTo(LATE);
        assertThat(CommandRun.of("cat", table, "--where", "dt = '2001-01-01'").out())
                .isEmpty();
    }

    @Test
    void endTheRunWhenRejectedAndWhatCameBeforeIsCommitted() {
        String table = create("late.data.policy=reject");
        CommandRun run = append(table, LINES);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.messages()).contains("Line 2", "dt=2001-01-02 was begun", "of this run 1 record committed");
        assertThat(CommandRun.of("cat", table).out()).isEqualTo(DAY_TWO);
    }

    @Test
    void areLeftOutAndCountedWhenRejectedAndErrant() {
        String table = create("late.data.policy=reject", "partition.missing.field=errant");
        CommandRun run = append(table, LINES);
        assertThat(run.code()).isZero();
        assertThat(run.messages()).contains("left out: Line 2", "2 records appended", "1 left out");
        assertThat(CommandRun.of("cat", table).out()).isEqualTo(DAY_TWO + DAY_TWO_AGAIN);
    }

    @Test
    void areStoredInTheirPartitionByDefault() {
        String table = create("segment.size=64MiB");
        assertThat(append(table, LINES).code()).isZero();
        assertThat(CommandRun.of("cat", table, "--where", "dt = '2001-01-01'").out())
                .isEqualTo(LATE);
    }

    private String create(String... options) {
        String table = directory.resolve("t").toString();
        String[] command = new String[4 + 2 * options.length];
        command[0] = "create";
        command[1] = table;
        command[2] = "--partition-by";
        command[3] = "dt:date=timestamp";
        for (int i = 0; i < options.length; i++) {
            command[4 + 2 * i] = "--config";
            command[5 + 2 * i] = options[i];
        }
        assertThat(CommandRun.of(command).code()).isZero();
        return table;
    }

    private static CommandRun append(String table, String lines) {
        return CommandRun.withInput(lines, "append", table, "--timestamp-field", "date");
    }
}
