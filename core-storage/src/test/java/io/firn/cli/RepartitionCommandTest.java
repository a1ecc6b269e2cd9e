package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code firn repartition}, as a user types it. */
class RepartitionCommandTest {
    private static final String LINES = """
            {"origin":"ATL","to":"SEA","date":"2001-01-01T00:00:00Z"}
            {"origin":"SEA","date":"2001-01-02T00:00:00Z"}
            {"origin":"ATL","to":"BOS","date":"2001-01-03T00:00:00Z"}
            """;

    @TempDir
    Path directory;

    private String old = "";
    private String copy = "";

    @BeforeEach
    void createTable() {
        old = directory.resolve("flights").toString();
        copy = directory.resolve("by-day").toString();
        assertThat(CommandRun.of("create", old, "--partition-by", "origin:string=value.origin")
                        .code())
                .isZero();
        assertThat(CommandRun.withInput(LINES, "append", old, "--timestamp-field", "date")
                        .code())
                .isZero();
    }

    @Test
    void copiesATableIntoOneWithOtherPartitions() {
        CommandRun run = CommandRun.of("repartition", old, copy, "--partition-fields", "dt:date=timestamp");
        assertThat(run.code()).as(run.messages()).isZero();
        assertThat(run.out()).isEqualTo("""
                        3 records of 'main', now at position 3
                        copied 3 records; both tables have the same 3 records of 1 writer
                        """);
        assertThat(CommandRun.of("cat", copy).out()).isEqualTo(LINES);
        assertThat(CommandRun.of("cat", copy, "--where", "dt = '2001-01-02'").out())
                .isEqualTo(LINES.lines().toList().get(1) + "\n");
        CommandRun again = CommandRun.of("repartition", old, copy, "--partition-fields", "dt:date=timestamp", "--json");
        assertThat(again.code()).as(again.messages()).isZero();
        assertThat(again.out()).contains("\"copiedRecords\":0,\"totalRecords\":3", "\"writer\":\"main\"");
    }

    @Test
    void aMissingFieldIsNamedOrBecomesNull() {
        CommandRun strict = CommandRun.of("repartition", old, copy, "--partition-fields", "to:string=value.to");
        assertThat(strict.code()).isEqualTo(1);
        assertThat(strict.messages()).contains("writer 'main'", "record 1", "--missing-field null) to store");
        CommandRun run = CommandRun.of(
                "repartition", old, copy, "--partition-fields", "to:string=value.to", "--missing-field", "null");
        assertThat(run.code()).as(run.messages()).isZero();
        assertThat(CommandRun.of("cat", copy).out()).isEqualTo(LINES);
    }

    @Test
    void wrongUseIsRefused() {
        assertThat(CommandRun.of("repartition", old, copy).code()).isEqualTo(2);
        assertThat(CommandRun.of("repartition", old, copy, "--partition-fields", "?")
                        .code())
                .isEqualTo(2);
        assertThat(CommandRun.of(
                                "repartition",
                                old,
                                copy,
                                "--partition-fields",
                                "dt:date=timestamp",
                                "--missing-field",
                                "errant")
                        .code())
                .isEqualTo(2);
        assertThat(CommandRun.of("repartition", old, old, "--partition-fields", "origin:string=value.origin")
                        .code())
                .isEqualTo(1);
    }
}
