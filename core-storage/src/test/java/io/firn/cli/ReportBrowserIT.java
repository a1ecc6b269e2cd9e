package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firn.cli.Browser.View;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;

/**
 * {@code firn report} in a real browser: what it shows is what {@code firn stats} says, it fits its window, and nothing
 * is loaded. Runs where a Chromium is on the PATH; with {@code -Pbrowser} it fails where there is none.
 */
class ReportBrowserIT {
    private static final View WIDE = new View(1200, 1600, false);
    private static final String LATE = "late";
    private static final int DAYS = 5;
    private static final int RECORDS_PER_DAY = 2_000;
    private static final int LATE_RECORDS = 700;
    private static final List<String> ORIGINS = List.of("ATL", "ORD", "DFW", "LAX");

    /** What a browser knows and its tree does not: requests, overflow, sizes of what it drew. */
    private static final String MEASURE = """
            <script>addEventListener("load",function(){
            var b=document.body,r=document.documentElement;
            var q=performance.getEntriesByType("resource");
            b.setAttribute("data-requests",q.map(function(e){return e.name}).join(" "));
            b.setAttribute("data-overflow",r.scrollWidth-innerWidth);
            b.setAttribute("data-dark",matchMedia("(prefers-color-scheme: dark)").matches);
            b.setAttribute("data-background",getComputedStyle(b).backgroundColor);
            document.querySelectorAll("rect").forEach(function(e){var s=e.getBoundingClientRect();
            e.setAttribute("data-drawn-width",s.width);e.setAttribute("data-drawn-height",s.height);
            e.setAttribute("data-fill",getComputedStyle(e).fill)});
            });</script></body>""";

    @TempDir
    Path directory;

    private Path table;
    private Path html;
    private Browser browser;

    @BeforeEach
    void makeReport() {
        browser = browser();
        html = directory.resolve("report.html");
        Path archive = directory.resolve("archive");
        table = archive.resolve("flights");
        run(
                "create",
                "--partition-by",
                "dt:date=value.at,origin:string=value.origin",
                "--config",
                "disk.min.free.bytes=0");
        append("main", DAYS * RECORDS_PER_DAY);
        run("settle");
        run("compress", "--where", "dt < '2001-01-04'");
        append(LATE, LATE_RECORDS);
        assertThat(CommandRun.of("report", archive.toString(), "--html", html.toString())
                        .code())
                .isZero();
    }

    private Browser browser() {
        if (Boolean.getBoolean("firn.browser.required")) {
            return Browser.find(directory)
                    .orElseThrow(() -> new AssertionError("-Pbrowser needs a chromium on the PATH"));
        }
        Assumptions.assumeTrue(
                Browser.find(directory).isPresent(),
                "no chromium on the PATH: firn report is not looked at in a browser");
        return Browser.find(directory).orElseThrow();
    }

    @Test
    void showsTheFiguresOfStats() throws Exception {
        ReportDom page = ReportDom.parseDump(browser.dom(html, WIDE));
        JsonNode stats = new ObjectMapper()
                .readTree(CommandRun.of("stats", table.toString(), "--json").out());
        Element section = page.section("flights");

        Map<String, List<Long>> tiers = ReportDom.rows(section, "Tier");
        Map<String, List<String>> shown = ReportDom.shown(section, "Tier");
        assertThat(stats.path("tiers")).hasSize(3);
        for (JsonNode tier : stats.path("tiers")) {
            String name = tier.path("tier").asText();
            long records = tier.path("records").asLong();
            assertThat(records).as(name).isPositive();
            assertThat(tiers.get(name))
                    .as(name)
                    .containsExactly(
                            tier.path("segments").asLong(),
                            records,
                            tier.path("sizeBytes").asLong(),
                            tier.path("rawBytes").asLong());
            assertThat(number(shown.getOrDefault(name, List.of()).get(1)))
                    .as(name)
                    .isEqualTo(records);
            assertThat(bytes(shown.getOrDefault(name, List.of()).get(2)))
                    .as(name)
                    .isCloseTo(
                            tier.path("sizeBytes").asDouble(),
                            within(tier.path("sizeBytes").asDouble() * 0.06));
        }
        for (JsonNode writer : stats.path("writers")) {
            assertThat(ReportDom.rows(section, "Writer")
                            .get(writer.path("writer").asText()))
                    .containsExactly(
                            writer.path("records").asLong(),
                            writer.path("position").asLong(),
                            writer.path("gaps").asLong());
        }
        assertThat(ReportDom.rows(section, "Writer")).containsOnlyKeys("main", LATE);
        assertThat(ReportDom.rows(section, "Partition"))
                .hasSize(stats.path("partitions").asInt())
                .hasSize(DAYS * ORIGINS.size());
    }

    @ParameterizedTest
    @CsvSource({"1200, false", "1200, true", "500, false", "500, true"})
    void fitsItsWindowAndLoadsNothing(int width, boolean dark) throws Exception {
        Element body = (Element) measured(new View(width, 900, dark)).root().getLastChild();

        assertThat(body.getAttribute("data-requests")).isEmpty();
        assertThat(Integer.parseInt(body.getAttribute("data-overflow"))).isLessThanOrEqualTo(0);
        assertThat(body.getAttribute("data-dark")).isEqualTo(String.valueOf(dark));
        assertThat(body.getAttribute("data-background")).isEqualTo(dark ? "rgb(24, 24, 24)" : "rgb(255, 255, 255)");
    }

    @Test
    void chartsAreDrawnInProportion() throws Exception {
        ReportDom page = measured(WIDE);
        Element section = page.section("flights");
        List<Element> charts = ReportDom.elements(section, "svg");
        Map<String, List<Long>> tiers = ReportDom.rows(section, "Tier");

        Map<String, Double> widths = new HashMap<>();
        for (Element bar : ReportDom.elements(charts.get(0), "rect")) {
            widths.put(bar.getAttribute("class"), drawn(bar, "width"));
        }
        double width = widths.values().stream().mapToDouble(each -> each).sum();
        double size = tiers.values().stream().mapToLong(tier -> tier.get(2)).sum();
        assertThat(widths).containsOnlyKeys("hot", "cold", "unsettled");
        tiers.forEach((name, tier) -> assertThat(widths.getOrDefault(name, 0.0) / width)
                .as(name)
                .isCloseTo(tier.get(2) / size, within(0.01)));

        List<Element> columns = ReportDom.elements(charts.get(1), "rect");
        assertThat(columns).hasSize(DAYS);
        double highest = drawn(columns.get(0), "height");
        assertThat(highest).isGreaterThan(50);
        assertThat(columns)
                .allSatisfy(column -> assertThat(drawn(column, "height")).isCloseTo(highest, within(1.0)));
        assertThat(ReportDom.elements(section, "rect"))
                .extracting(rect -> rect.getAttribute("data-fill"))
                .doesNotContain("rgb(0, 0, 0)");
    }

    @Test
    void aPictureIsLightOrDarkAsTheReaderLikesIt() throws Exception {
        double light = brightness(browser.picture(html, WIDE, directory.resolve("light.png")));
        double dark = brightness(browser.picture(html, new View(1200, 1600, true), directory.resolve("dark.png")));

        assertThat(light).isBetween(180.0, 250.0);
        assertThat(dark).isBetween(25.0, 90.0);
    }

    private ReportDom measured(View view) throws Exception {
        Path copy = directory.resolve("measured.html");
        Files.writeString(copy, Files.readString(html).replace("</body>", MEASURE));
        String dump = browser.dom(copy, view);
        return ReportDom.parseDump(dump.replaceAll("(?s)<script>.*</script>", ""));
    }

    private static double drawn(Element rect, String side) {
        return Double.parseDouble(rect.getAttribute("data-drawn-" + side));
    }

    private static double brightness(BufferedImage picture) {
        double sum = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                sum += picture.getRGB(x, y) >> 8 & 0xff;
            }
        }
        return sum / picture.getHeight() / picture.getWidth();
    }

    private static long number(String shown) {
        return Long.parseLong(shown.replace(",", ""));
    }

    private static double bytes(String shown) {
        String[] parts = shown.split(" ", 2);
        return Double.parseDouble(parts[0])
                * switch (parts[1]) {
                    case "B" -> 1;
                    case "KiB" -> 1 << 10;
                    case "MiB" -> 1 << 20;
                    default -> throw new AssertionError(shown);
                };
    }

    private void append(String writer, int records) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < records; i++) {
            lines.append("{\"at\":\"2001-01-0")
                    .append(1 + i / RECORDS_PER_DAY)
                    .append("T00:00:00Z\",\"origin\":\"")
                    .append(ORIGINS.get(i % ORIGINS.size()))
                    .append("\",\"n\":")
                    .append(i)
                    .append("}\n");
        }
        CommandRun run = CommandRun.withInput(
                lines.toString(), "append", table.toString(), "--writer", writer, "--timestamp-field", "at");
        assertThat(run.code()).as(run.messages()).isZero();
    }

    private void run(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command, table.toString()));
        arguments.addAll(List.of(options));
        CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
        assertThat(run.code()).as(run.messages()).isZero();
    }
}
