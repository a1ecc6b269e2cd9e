package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CSV input: a record is a line, and what is no line of a record is refused with its number. */
class CsvInputTest {
    @TempDir
    Path directory;

    private String table = "";

    @BeforeEach
    void makeTable() {
        table = directory.resolve("t").toString();
        assertThat(CommandRun.of("create", table).code()).isZero();
    }

    @Test
    void aLineBreakInQuotesEndsTheRunAtItsLine() {
        CommandRun run = append("a,b\n1,x\n2,\"two\nlines\"\n3,z\n");

        assertThat(run.code()).isEqualTo(CliCommand.FAILED);
        assertThat(run.messages()).contains("Line 3: A quote is opened and not closed", "A record is one line");
        assertThat(CommandRun.of("cat", table).out()).isEqualTo("1,x\n");
    }

    @Test
    void halfARecordIsNotLeftOutAsErrant() {
        String errant = directory.resolve("errant").toString();
        String[] create = {
            "create", errant, "--partition-by", "b:string=value.b", "--config", "partition.missing.field=errant"
        };
        assertThat(CommandRun.of(create).code()).isZero();

        CommandRun run = CommandRun.withInput("b,a\nx,1\ny,\"two\nlines\"\n", "append", errant, "--format", "csv");

        assertThat(run.code()).isEqualTo(CliCommand.FAILED);
        assertThat(run.messages()).contains("Line 3: A quote is opened");
        assertThat(CommandRun.of("cat", errant).out()).isEqualTo("x,1\n");
    }

    @Test
    void quotesThatAreClosedAndThoseInPlainFieldsAreTaken() {
        String lines = "\"a,b\",\"c\"\n\"say \"\"hi\"\"\",x\nheight 5\",6\"\n\"\",\"\"\n\"a\"b\",c\r\n";
        CommandRun run = append("one,two\n" + lines);
        assertThat(run.code()).as(run.messages()).isZero();
        assertThat(CommandRun.of("cat", table).out()).isEqualTo(lines);
    }

    @Test
    void anotherSeparatorIsKnown() {
        CommandRun run = CommandRun.withInput("a;b\n1,\"x;2\n", "append", table, "--format", "csv", "--separator", ";");
        assertThat(run.code()).as(run.messages()).isZero();
        CommandRun open = CommandRun.withInput("a;b\n1;\"x\n", "append", table, "--format", "csv", "--separator", ";");
        assertThat(open.messages()).contains("Line 2: A quote is opened");
    }

    @Test
    void anEmptyInputAndAnOpenHeaderAreNamed() {
        assertThat(append("").messages()).contains("The input is empty", "names of the columns");
        assertThat(append("a,\"b\nc\",d\n").messages()).contains("Line 1: A quote is opened");
    }

    @Test
    void columnsThatAreWantedAndNamedTwiceAreRefusedAndOthersDoNotMatter() {
        CommandRun twice = append("a,ts,ts\n1,2,3\n", "--timestamp-field", "ts@ms");
        assertThat(twice.code()).isEqualTo(CliCommand.USAGE);
        assertThat(twice.messages()).contains("Column 'ts' is named twice");
        assertThat(append("a,a,ts\n1,2,3\n", "--timestamp-field", "ts@ms").code())
                .isZero();
    }

    @Test
    void aHeaderThatIsNoTextIsShownShort() {
        CommandRun run = append("\u0001\u001b[31m," + "x".repeat(500) + "\n1,2\n", "--timestamp-field", "ts@ms");
        assertThat(run.messages()).contains("No column 'ts'", "??[31m", "x...").doesNotContain("\u001b");
        assertThat(run.messages().length()).isLessThan(400);
    }

    @Test
    void aNumberWithoutUnitIsToldItsUnits() {
        CommandRun run = append("ts,b\n1000,x\n", "--timestamp-field", "ts");
        assertThat(run.messages()).contains("Line 2", "@ms, @s, @us or @ns");
    }

    @Test
    void samplesAreRefusedInTheSameWay() {
        String store = directory.resolve("s").toString();
        String[] write = {
            "series", "write", store, "--format", "csv", "--timestamp", "value.ts@ms", "--value", "temp=value.t"
        };
        CommandRun run = CommandRun.withInput("ts,t,note\n1,2,ok\n2,3,\"two\nlines\"\n", write);
        assertThat(run.code()).isEqualTo(CliCommand.FAILED);
        assertThat(run.messages()).contains("Line 3: A quote is opened");
        assertThat(CommandRun.of("series", "select", store, "temp").out())
                .contains(",1,2")
                .doesNotContain(",2,3");
    }

    private CommandRun append(String input, String... options) {
        String[] command = new String[options.length + 4];
        System.arraycopy(new String[] {"append", table, "--format", "csv"}, 0, command, 0, 4);
        System.arraycopy(options, 0, command, 4, options.length);
        return CommandRun.withInput(input, command);
    }
}
