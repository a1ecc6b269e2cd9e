package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code firn drop} and {@code firn expire}, as a user types them. */
class RemovalCommandsTest {
    private static final String LINES = """
            {"origin":"ATL","date":"2001-01-01T00:00:00Z"}
            {"origin":"SEA","date":"2001-01-02T00:00:00Z"}
            {"origin":"ATL","date":"2001-01-03T00:00:00Z"}
            """;
    private static final String SEATTLE = "{\"origin\":\"SEA\",\"date\":\"2001-01-02T00:00:00Z\"}\n";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    @TempDir
    Path directory;

    private String table = "";

    @BeforeEach
    void createTable() {
        table = directory.resolve("flights").toString();
        assertThat(run("", "create", table, "--partition-by", "origin:string=value.origin"))
                .isZero();
        assertThat(run(LINES, "append", table, "--timestamp-field", "date"))
                .as(text(messages))
                .isZero();
    }

    @Test
    void dropRemovesWholePartitionsForEver() {
        assertThat(run("", "drop", table, "--where", "origin = 'ATL'"))
                .as(text(messages))
                .isZero();
        assertThat(text(out)).startsWith("removed origin=ATL\nremoved 1 partition, 2 records, ");
        assertThat(run("", "cat", table)).isZero();
        assertThat(text(out)).isEqualTo(SEATTLE);
        assertThat(run("", "compress", table)).isZero();
        assertThat(run("", "verify", table)).isZero();
        assertThat(text(out)).startsWith("sound: 1 record in ");
        assertThat(run("", "drop", table, "--where", "origin = 'ATL'", "--json"))
                .isZero();
        assertThat(text(out)).contains("\"removed\"").contains("\"removedRecords\":0");
    }

    @Test
    void dropWithoutConditionIsRefused() {
        assertThat(run("", "drop", table)).isEqualTo(2);
        assertThat(text(messages)).contains("--where");
        assertThat(run("", "cat", table)).isZero();
        assertThat(text(out)).isEqualTo(LINES);
    }

    @Test
    void expireByAgeAndBySize() {
        assertThat(run("", "expire", table, "--older-than", "36500d")).isZero();
        assertThat(text(out)).startsWith("removed 0 partitions");
        assertThat(run("", "expire", table, "--max-bytes", "1")).isZero();
        assertThat(text(out)).startsWith("removed origin=SEA\n");
        assertThat(text(messages)).contains("newest partition");
        assertThat(run("", "expire", table, "--older-than", "30d")).isZero();
        assertThat(text(out)).startsWith("removed origin=ATL\nremoved 1 partition, 2 records");
    }

    @Test
    void expireGoesByTheOptionsOfTheTable() {
        String other = directory.resolve("other").toString();
        assertThat(run(
                        "",
                        "create",
                        other,
                        "--partition-by",
                        "origin:string=value.origin",
                        "--config",
                        "retention.ms=1"))
                .as(text(messages))
                .isZero();
        assertThat(run(LINES, "append", other, "--timestamp-field", "date")).isZero();
        assertThat(run("", "expire", other, "--where", "origin = 'ATL'")).isZero();
        assertThat(run("", "cat", other)).isZero();
        assertThat(text(out)).isEqualTo(SEATTLE);
    }

    @Test
    void expireWithoutLimitsOrWithWrongOnesIsRefused() {
        assertThat(run("", "expire", table)).isEqualTo(2);
        assertThat(text(messages)).contains("--older-than").contains("retention.ms");
        assertThat(run("", "expire", table, "--older-than", "soon")).isEqualTo(2);
        assertThat(text(messages)).contains("--older-than").contains("7d");
        assertThat(run("", "expire", table, "--max-bytes", "-5")).isEqualTo(2);
        assertThat(text(messages)).contains("--max-bytes");
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
