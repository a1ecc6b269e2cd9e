package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** {@code firn report}: a page that is well formed, needs no network, and says what {@code firn stats} says. */
class ReportCommandTest {
    private static final int RECORDS = 900;

    @TempDir
    Path directory;

    private Path archive;
    private Path html;

    @BeforeEach
    void makeArchive() {
        archive = directory.resolve("archive");
        html = directory.resolve("out.html");
        assertThat(CommandRun.of("archive-id", archive.toString(), "--create").code())
                .isZero();
        String partitions = "dt:date=timestamp,origin:string=value.origin";
        for (String table : List.of("a", "b")) {
            String path = archive.resolve(table).toString();
            assertThat(CommandRun.of("create", path, "--partition-by", partitions, "--config", "disk.min.free.bytes=0")
                            .code())
                    .isZero();
            append(path, 0);
        }
        String a = archive.resolve("a").toString();
        assertThat(CommandRun.of("settle", a).code()).isZero();
        assertThat(CommandRun.of("compress", a, "--where", "origin = 'ATL'").code())
                .isZero();
        append(a, RECORDS);
    }

    @Test
    void saysWhatStatsSays() throws Exception {
        assertThat(report().code()).isZero();
        ReportDom page = parse();

        for (String table : List.of("a", "b")) {
            JsonNode stats = new ObjectMapper()
                    .readTree(CommandRun.of("stats", archive.resolve(table).toString(), "--json")
                            .out());
            Element section = page.section(table);
            Map<String, List<Long>> tiers = ReportDom.rows(section, "Tier");
            assertThat(tiers).hasSize(stats.path("tiers").size());
            for (JsonNode tier : stats.path("tiers")) {
                assertThat(tiers.get(tier.path("tier").asText()))
                        .as(table + " " + tier)
                        .containsExactly(
                                tier.path("segments").asLong(),
                                tier.path("records").asLong(),
                                tier.path("sizeBytes").asLong(),
                                tier.path("rawBytes").asLong());
            }
            Map<String, List<Long>> writers = ReportDom.rows(section, "Writer");
            for (JsonNode writer : stats.path("writers")) {
                assertThat(writers.get(writer.path("writer").asText()))
                        .containsExactly(
                                writer.path("records").asLong(),
                                writer.path("position").asLong(),
                                writer.path("gaps").asLong());
            }
            assertThat(ReportDom.rows(section, "Partition"))
                    .hasSize(stats.path("partitions").asInt());
        }
        Map<String, List<Long>> tiers = ReportDom.rows(page.section("a"), "Tier");
        assertThat(tiers.getOrDefault("cold", List.of()).get(1)).isPositive();
        assertThat(tiers.getOrDefault("hot", List.of()).get(1)).isPositive();
        assertThat(tiers.getOrDefault("unsettled", List.of()).get(1)).isEqualTo(RECORDS);
        List<Long> whole = ReportDom.rows(page.root(), "Table").getOrDefault("a", List.of());
        assertThat(whole.get(2)).isEqualTo(2 * RECORDS);
    }

    @Test
    void needsNothingButItself() throws Exception {
        assertThat(report().code()).isZero();
        String text = Files.readString(html);

        assertThat(text.replace("http://www.w3.org/1999/xhtml", "").replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http:", "https:", "src=", "href=", "@import", "url(", "<script", "<link");
        assertThat(parse().count("svg")).isGreaterThanOrEqualTo(3);
        assertThat(parse().count("rect")).isGreaterThan(5);
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("archive", "out.html");
    }

    @Test
    void damageIsShownOnlyWhenItWasLookedFor() throws Exception {
        assertThat(report().code()).isZero();
        assertThat(parse().section("a").getTextContent()).contains("Not looked for");
        assertThat(report("--verify").code()).isZero();
        assertThat(parse().section("a").getTextContent())
                .doesNotContain("Not looked for")
                .contains("None. " + 2 * RECORDS + " records");

        damageAFile();

        assertThat(report("--verify").code()).isEqualTo(CliCommand.FAILED);
        assertThat(parse().section("a").getTextContent()).contains("1 damage. ").contains(".q.zst");
        assertThat(parse().section("b").getTextContent()).contains("None.");
    }

    @Test
    void namesThatAreMarkupStayText() throws Exception {
        String table = directory.resolve("odd").resolve("t").toString();
        assertThat(CommandRun.of(
                                "create",
                                table,
                                "--partition-by",
                                "x:string=value.x",
                                "--config",
                                "disk.min.free.bytes=0")
                        .code())
                .isZero();
        assertThat(CommandRun.withInput("{\"x\":\"<b>&\\\"'\\u0001\"}\n", "append", table)
                        .code())
                .isZero();
        assertThat(CommandRun.of("settle", table).code()).isZero();

        assertThat(CommandRun.of("report", directory.resolve("odd").toString(), "--html", html.toString())
                        .code())
                .isZero();

        assertThat(parse().count("b")).isZero();
        assertThat(ReportDom.rows(parse().section("t"), "Partition")).hasSize(1);
    }

    @Test
    void aTableCanBeReportedAloneAndNothingIsToldAboutNothing() {
        assertThat(CommandRun.of("report", archive.resolve("b").toString(), "--html", html.toString())
                        .out())
                .contains("report about 1 table:");
        CommandRun none = CommandRun.of("report", directory.toString(), "--html", html.toString());
        assertThat(none.code()).isEqualTo(CliCommand.FAILED);
        assertThat(none.messages()).contains("no table in " + directory);
        assertThat(CommandRun.of("report", directory.resolve("x").toString(), "--html", html.toString())
                        .code())
                .isEqualTo(CliCommand.FAILED);
    }

    @Test
    void aSeriesStoreIsNoArchive() {
        Path store = archive.resolve("metrics");
        assertThat(CommandRun.withInput("up 1 1\n", "series", "write", store.toString())
                        .code())
                .isZero();

        CommandRun wrong = CommandRun.of("report", store.toString(), "--html", html.toString());

        assertThat(wrong.code()).isEqualTo(CliCommand.USAGE);
        assertThat(wrong.messages()).contains("is a series store", "firn series stats " + store);
        CommandRun archived = report();
        assertThat(archived.out()).contains("report about 2 tables");
        assertThat(archived.messages()).contains("1 series store in " + archive + " left out");
    }

    private CommandRun report(String... options) {
        List<String> arguments = new ArrayList<>(List.of("report", archive.toString(), "--html", html.toString()));
        arguments.addAll(List.of(options));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private static void append(String table, int from) {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < from + RECORDS; i++) {
            lines.append("{\"origin\":\"")
                    .append(i % 3 == 0 ? "ATL" : "ORD")
                    .append("\",\"n\":")
                    .append(i)
                    .append("}\n");
        }
        assertThat(CommandRun.withInput(lines.toString(), "append", table).code())
                .isZero();
    }

    private void damageAFile() throws Exception {
        try (var files = Files.walk(archive.resolve("a"))) {
            Path cold = files.filter(path -> path.toString().endsWith(".q.zst"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(cold);
            bytes[bytes.length / 2] ^= 1;
            Files.write(cold, bytes);
        }
    }

    private ReportDom parse() throws Exception {
        return ReportDom.parse(Files.readString(html));
    }
}
