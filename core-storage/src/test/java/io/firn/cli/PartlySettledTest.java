package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a table is asked, it says how many records a reader sees, also when half of a segment is settled. */
class PartlySettledTest {
    private static final int RECORDS = 300;

    @TempDir
    Path directory;

    private String table = "";

    @BeforeEach
    void makeTable() {
        table = directory.resolve("t").toString();
        String[] create = {"create", table, "--partition-by", "o:string=value.o", "--config", "disk.min.free.bytes=0"};
        assertThat(CommandRun.of(create).code()).isZero();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < RECORDS; i++) {
            lines.append("{\"o\":\"")
                    .append("ABC".charAt(i % 3))
                    .append("\",\"n\":")
                    .append(i)
                    .append("}\n");
        }
        assertThat(CommandRun.withInput(lines.toString(), "append", table).code())
                .isZero();
    }

    @Test
    void everyCommandCountsWhatAReaderSees() throws Exception {
        assertCounts(0, RECORDS);

        assertThat(CommandRun.of("settle", table, "--where", "o = 'A'").code()).isZero();
        assertCounts(100, 200);

        assertThat(CommandRun.of("drop", table, "--where", "o = 'B'").code()).isZero();
        assertCounts(100, 100);

        assertThat(CommandRun.of("drop", table, "--where", "o = 'A'").code()).isZero();
        assertCounts(0, 100);

        assertThat(CommandRun.of("settle", table).code()).isZero();
        assertCounts(100, 0);
    }

    private void assertCounts(long settled, long unsettled) throws Exception {
        long visible = settled + unsettled;
        assertThat(CommandRun.of("cat", table).out().lines()).hasSize((int) visible);

        JsonNode ls = json("ls", table, "--json");
        assertThat(ls.path("total").path("records").asLong()).as("ls").isEqualTo(visible);
        assertThat(ls.path("unsettled").path("records").asLong()).as("ls").isEqualTo(unsettled);

        long tiers = 0;
        for (JsonNode tier : json("stats", table, "--json").path("tiers")) {
            tiers += tier.path("records").asLong();
        }
        assertThat(tiers).as("stats").isEqualTo(visible);
        assertThat(json("verify", table, "--json").path("records").asLong())
                .as("verify")
                .isEqualTo(visible);
        assertThat(CommandRun.of("verify", table).out()).startsWith("sound: " + visible + " records");
        assertThat(reported()).as("report").isEqualTo(visible);
    }

    private long reported() throws Exception {
        Path page = directory.resolve("page.html");
        assertThat(CommandRun.of("report", table, "--html", page.toString()).code())
                .isZero();
        return ReportDom.rows(ReportDom.parse(Files.readString(page)).root(), "Table")
                .getOrDefault("t", List.of())
                .get(2);
    }

    private static JsonNode json(String... command) throws Exception {
        return new ObjectMapper().readTree(CommandRun.of(command).out());
    }
}
