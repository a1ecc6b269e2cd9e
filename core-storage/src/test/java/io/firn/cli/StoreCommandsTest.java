package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that store and show records, as a user types them. */
class StoreCommandsTest {
    private static final String LINES = """
            {"date":"2001-01-01T10:00:00Z","origin":"ATL","n":1}
            {"date":"2001-01-02T10:00:00Z","origin":"SEA","n":2}
            {"date":"2001-01-02T11:00:00Z","origin":"ATL","n":3}
            """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    @TempDir
    Path directory;

    private String table = "";

    @BeforeEach
    void nameTheTable() {
        table = directory.resolve("flights").toString();
    }

    @Test
    void valuesComeBackByteForByte() {
        createAndAppend();
        assertThat(run("", "cat", table)).isZero();
        assertThat(text(out)).isEqualTo(LINES);
    }

    @Test
    void filtersTimesAndLimitsChooseRecords() {
        createAndAppend();
        assertThat(run("", "cat", table, "--where", "origin = 'ATL'")).isZero();
        assertThat(text(out).lines()).hasSize(2).allMatch(line -> line.contains("ATL"));
        assertThat(run("", "cat", table, "--from", "2001-01-02T10:30:00Z")).isZero();
        assertThat(text(out).lines()).singleElement().asString().contains("\"n\":3");
        assertThat(run("", "cat", table, "--to", "2001-01-02T10:00:00Z", "--limit", "9"))
                .isZero();
        assertThat(text(out).lines()).singleElement().asString().contains("\"n\":1");
        assertThat(run("", "cat", table, "--limit", "2", "--format", "jsonl")).isZero();
        assertThat(text(out).lines()).hasSize(2).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        assertThat(run("", "cat", table, "--limit", "1", "--format", "hex")).isZero();
        assertThat(text(out)).isNotEmpty();
    }

    @Test
    void listsPartitionsAndWhatIsUnsettled() {
        createAndAppend();
        assertThat(run("", "ls", table)).isZero();
        assertThat(text(out)).contains("3");
        assertThat(run("", "ls", table, "--json")).isZero();
        assertThat(text(out)).startsWith("{").contains("\"records\"");
    }

    @Test
    void appendsWhereItStoppedAndAcknowledges() {
        createAndAppend();
        assertThat(run(LINES, "append", table, "--timestamp-field", "date", "--commit-every", "1", "--ack"))
                .isZero();
        assertThat(text(out).lines()).isNotEmpty();
        assertThat(run("", "cat", table)).isZero();
        assertThat(text(out)).isEqualTo(LINES + LINES);
    }

    @Test
    void csvKeepsItsLinesWithoutTheHeader() {
        assertThat(run("", "create", table, "--partition-by", "origin:string=value.origin"))
                .isZero();
        String body = "2001-01-01T00:00:00Z,ATL,\"a, b\"\n2001-01-01T00:01:00Z,SEA,c\n";
        assertThat(run("date,origin,x\n" + body, "append", table, "--format", "csv", "--timestamp-field", "date"))
                .isZero();
        assertThat(run("", "cat", table)).isZero();
        assertThat(text(out)).isEqualTo(body);
        assertThat(run("", "cat", table, "--where", "origin = 'SEA'")).isZero();
        assertThat(text(out)).isEqualTo("2001-01-01T00:01:00Z,SEA,c\n");
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(run("", "cat", table)).isEqualTo(1);
        assertThat(text(messages)).contains("flights");
        assertThat(run("", "cat")).isEqualTo(2);
        assertThat(run("", "no-such-command")).isEqualTo(2);
        createAndAppend();
        assertThat(run("", "create", table, "--partition-by", "dt:date=timestamp"))
                .isNotZero();
        assertThat(text(messages)).contains("exists");
        assertThat(run("", "cat", table, "--where", "destination = 'X'")).isNotZero();
        assertThat(text(messages)).contains("destination");
        assertThat(run("", "--help")).isZero();
        assertThat(text(out)).contains("append", "cat", "ls");
    }

    private void createAndAppend() {
        assertThat(run("", "create", table, "--partition-by", "dt:date=timestamp,origin:string=value.origin"))
                .as(text(messages))
                .isZero();
        assertThat(run(LINES, "append", table, "--timestamp-field", "date"))
                .as(text(messages))
                .isZero();
    }

    private int run(String input, String... args) {
        out.reset();
        messages.reset();
        return Main.run(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), out, messages, args);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
