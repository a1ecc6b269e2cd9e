package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.series.SeriesStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code firn series ...}, as a user types it. */
class SeriesCommandTest {
    private static final String EXPOSITION = """
            # HELP cpu_seconds_total what it is
            # TYPE cpu_seconds_total counter
            cpu_seconds_total{host="a",mode="idle"} 12.5 1700000000000
            cpu_seconds_total{host="a",mode="idle"} 13 1700000010000
            cpu_seconds_total{host="b",mode="idle",} 7.25e0 1700000000000

            # TYPE temp gauge
            temp{site="say \\"hi\\"\\\\",empty=""} NaN 1700000000000
            temp{site="n\\nl"} -Inf 1700000000000
            up 1 1700000000000
            """;

    @TempDir
    Path directory;

    private String store = "";

    @BeforeEach
    void nameTheStore() {
        store = directory.resolve("metrics").toString();
    }

    private static CommandRun ok(CommandRun run) {
        assertThat(run.code()).as(run.messages()).isZero();
        return run;
    }

    @Test
    void aDirectoryOfStoresIsNotMadeAStore() {
        ok(CommandRun.withInput(
                EXPOSITION, "series", "write", directory.resolve("ss/a").toString()));
        String stores = directory.resolve("ss").toString();

        CommandRun wrong = CommandRun.withInput(EXPOSITION, "series", "write", stores);

        assertThat(wrong.code()).isEqualTo(CliCommand.USAGE);
        assertThat(wrong.messages()).contains("is a directory of stores", stores + "/a");
        assertThat(ok(CommandRun.of("series", "select", stores, "up")).out()).contains("1700000000000,1");
    }

    @Test
    void whatPrometheusExposesIsWrittenAndSelected() {
        assertThat(ok(CommandRun.withInput(EXPOSITION, "series", "write", store))
                        .messages())
                .contains("6 samples of 10 lines written");
        assertThat(ok(CommandRun.of("series", "select", store, "cpu_seconds_total{host=~\"a|b\"}"))
                        .out())
                .isEqualTo("""
                        series,timestamp_ms,value
                        "cpu_seconds_total{host=""a"",mode=""idle""}",1700000000000,12.5
                        "cpu_seconds_total{host=""a"",mode=""idle""}",1700000010000,13
                        "cpu_seconds_total{host=""b"",mode=""idle""}",1700000000000,7.25
                        """);
        assertThat(ok(CommandRun.of("series", "select", store, "temp", "--format", "jsonl"))
                        .out())
                .isEqualTo("""
                        {"labels":{"__name__":"temp","site":"n\\nl"}\
                        ,"type":"gauge","timestamp":1700000000000,"value":"-Inf"}
                        {"labels":{"__name__":"temp","site":"say \\"hi\\"\\\\"}\
                        ,"type":"gauge","timestamp":1700000000000,"value":"NaN"}
                        """);
    }

    @Test
    void whatIsPrintedForPrometheusIsReadBackAsTheSame() {
        ok(CommandRun.withInput(EXPOSITION, "series", "write", store));
        String all = "{__name__=~\".+\"}";
        String printed = ok(CommandRun.of("series", "select", store, all, "--format", "prometheus"))
                .out();
        String second = directory.resolve("second").toString();
        ok(CommandRun.withInput(printed, "series", "write", second));
        assertThat(CommandRun.of("series", "select", second, all).out())
                .isEqualTo(CommandRun.of("series", "select", store, all).out())
                .hasLineCount(7);
    }

    @Test
    void timesAndLimitsChooseSamples() {
        ok(CommandRun.withInput(EXPOSITION, "series", "write", store));
        String[] from = {"series", "select", store, "cpu_seconds_total", "--from", "2023-11-14T22:13:20.001Z"};
        assertThat(CommandRun.of(from).out()).hasLineCount(2).contains("1700000010000");
        String[] to = {"series", "select", store, "cpu_seconds_total", "--to", "1700000010000"};
        assertThat(CommandRun.of(to).out()).hasLineCount(3).doesNotContain("1700000010000");
        assertThat(CommandRun.of("series", "select", store, "cpu_seconds_total", "--limit", "1")
                        .out())
                .hasLineCount(2);
        CommandRun empty = CommandRun.of("series", "select", store, "up", "--from", "2", "--to", "1");
        assertThat(empty.code()).isEqualTo(2);
        assertThat(empty.messages()).contains("is empty");
    }

    @Test
    void labelsAndStatistics() {
        ok(CommandRun.withInput(EXPOSITION, "series", "write", store));
        assertThat(CommandRun.of("series", "labels", store).out()).isEqualTo("__name__\nhost\nmode\nsite\n");
        assertThat(CommandRun.of("series", "labels", store, "host").out()).isEqualTo("a\nb\n");
        assertThat(CommandRun.of("series", "labels", store, "--match", "up", "--json")
                        .out())
                .isEqualTo("{\"names\":[\"__name__\"]}\n");
        assertThat(CommandRun.of("series", "labels", store, "host", "--match", "{host!=\"a\",mode=\"idle\"}")
                        .out())
                .isEqualTo("b\n");
        ok(CommandRun.of("series", "maintain", store, "--cut", "--compress"));
        assertThat(CommandRun.of("series", "stats", store, "--json").out())
                .startsWith("{\"timestampUnit\":\"ms\",\"stores\":1,\"series\":5,\"headSeries\":0,\"headSamples\":0,"
                        + "\"warmBlocks\":0,\"coldBlocks\":1,\"blockSamples\":6,\"deletions\":0,"
                        + "\"minTimestamp\":1700000000000,\"maxTimestamp\":1700000010000,\"sizeBytes\":");
        assertThat(CommandRun.of("series", "stats", store).out())
                .contains("samples in blocks       6")
                .contains("from 2023-11-14T22:13:20Z to 2023-11-14T22:13:30Z");
    }

    @Test
    void readsWhileTheStoreIsOpenAndRefusesToWriteThen() {
        ok(CommandRun.withInput(EXPOSITION, "series", "write", store));
        try (SeriesStore open = SeriesStore.open(Path.of(store))) {
            assertThat(open.seriesCount()).isEqualTo(5);
            assertThat(ok(CommandRun.of("series", "select", store, "up")).out()).hasLineCount(2);
            assertThat(ok(CommandRun.of("series", "stats", store)).out()).contains("series");
            CommandRun refused = CommandRun.withInput(EXPOSITION, "series", "write", store);
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.messages()).contains("is open in another place");
        }
    }

    @Test
    void csvAndJsonFieldsBecomeLabelsTimesAndValues() throws IOException {
        Path csv = directory.resolve("readings.csv");
        Files.writeString(csv, """
                site,when,temp,humidity
                north,2001-01-01T00:00:00Z,1.5,80
                "south, old",2001-01-01T00:01:00Z,2.5,
                """);
        String[] write = {
            "series",
            "write",
            store,
            csv.toString(),
            "--format",
            "csv",
            "--labels",
            "site=value.site,by='test'",
            "--timestamp",
            "value.when",
            "--value",
            "temp=value.temp,humidity=value.humidity",
            "--type",
            "gauge",
            "--config",
            "timestamp.unit=s",
            "--ack"
        };
        CommandRun run = ok(CommandRun.of(write));
        assertThat(run.out()).isEqualTo("2\n");
        assertThat(CommandRun.of("series", "select", store, "{by=\"test\"}").out())
                .isEqualTo("""
                series,timestamp_s,value
                "humidity{by=""test"",site=""north""}",978307200,80
                "temp{by=""test"",site=""north""}",978307200,1.5
                "temp{by=""test"",site=""south, old""}",978307260,2.5
                """);
        String json = "{\"h\":\"x\",\"t\":1700000000.25,\"v\":3}\n";
        ok(JsonLines.write(store, json));
        assertThat(CommandRun.of("series", "select", store, "{h=\"x\"}").out())
                .contains("\"{h=\"\"x\"\"}\",1700000000,3");
    }

    @Test
    void openMetricsHasSecondsAndAnEnd() {
        String text = """
                # TYPE req counter
                req_total{a="b"} 17 1700000000.125 # {trace="x"} 1 1700000000.0
                req_total{a="b"} 18 1.70000000025e9
                # EOF
                behind 1
                """;
        ok(CommandRun.withInput(text, "series", "write", store, "--format", "openmetrics"));
        assertThat(CommandRun.of("series", "select", store, "{__name__=~\".+\"}", "--format", "jsonl")
                        .out())
                .isEqualTo("""
                        {"labels":{"__name__":"req_total","a":"b"}\
                        ,"type":"counter","timestamp":1700000000125,"value":17}
                        {"labels":{"__name__":"req_total","a":"b"}\
                        ,"type":"counter","timestamp":1700000000250,"value":18}
                        """);
    }

    @Test
    void aBadLineEndsTheRunAndWhatStandsBeforeItIsWritten() {
        for (String bad : new String[] {
            "up one",
            "up 0x1p3",
            "up 1 2.5",
            "up{a=b} 1",
            "up{a=\"b\" 1",
            "up",
            "{} 1",
            "up 1 2 3",
            "up 1d",
            "up 1 1e99999999999",
            "up{a=\"" + "x".repeat(3_000) + "\"} 1",
            "up{a=\"\\q\"} 1"
        }) {
            CommandRun run = CommandRun.withInput("good 1 1\n" + bad + "\nlater 1 1\n", "series", "write", store);
            assertThat(run.code()).as(bad).isEqualTo(1);
            assertThat(run.messages()).as(bad).contains("Line 2: ").contains("1 samples of 1 lines");
            assertThat(CommandRun.of("series", "labels", store, "__name__").out())
                    .isEqualTo("good\n");
        }
    }

    @Test
    void deletesAndExpires() {
        ok(CommandRun.withInput(EXPOSITION, "series", "write", store));
        ok(CommandRun.of("series", "delete", store, "cpu_seconds_total{host=\"a\"}", "--to", "1700000010000"));
        assertThat(CommandRun.of("series", "select", store, "cpu_seconds_total").out())
                .hasLineCount(3)
                .doesNotContain("12.5");
        ok(CommandRun.of("series", "maintain", store, "--compact"));
        assertThat(CommandRun.of("series", "stats", store).out()).contains("deletions               0");
        assertThat(ok(CommandRun.of("series", "maintain", store, "--expire", "0s"))
                        .messages())
                .contains("0 blocks expired");
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(CommandRun.of("series").code()).isEqualTo(2);
        assertThat(CommandRun.of("series").messages()).contains("write").contains("select");
        CommandRun none = CommandRun.of("series", "select", store, "up");
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.messages()).contains("No series store at");
        assertThat(CommandRun.of("series", "delete", store, "up").code()).isEqualTo(1);
        assertThat(Files.exists(Path.of(store))).isFalse();
        for (String bad :
                new String[] {"", "{", "{a}", "{a=b}", "up{a=\"b\"", "{a~\"b\"}", "up{a=\"b\"} x", "{a=~\"(\"}"}) {
            CommandRun run = CommandRun.of("series", "labels", store, "--match", bad.isEmpty() ? " " : bad);
            assertThat(run.code()).as(bad).isNotZero();
        }
        ok(CommandRun.withInput(EXPOSITION, "series", "write", store));
        CommandRun wrong = CommandRun.of("series", "select", store, "up{a~\"b\"}");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.messages()).contains("wrong at index 4");
        assertThat(CommandRun.of("series", "write", store, "--format", "csv").code())
                .isEqualTo(2);
        assertThat(CommandRun.of("series", "write", store, "--config", "nonsense=1")
                        .messages())
                .contains("nonsense");
        assertThat(CommandRun.withInput("", "series", "write", store, "/nowhere")
                        .code())
                .isEqualTo(1);
    }

    @Test
    void aDirectoryOfStoresIsReadButNotWritten() {
        for (String name : new String[] {"t-0", "t-1"}) {
            String one = directory.resolve("topic").resolve(name).toString();
            ok(CommandRun.withInput("up{s=\"" + name + "\"} 1 1\n", "series", "write", one));
        }
        String topic = directory.resolve("topic").toString();
        assertThat(CommandRun.of("series", "labels", topic, "s").out()).isEqualTo("t-0\nt-1\n");
        CommandRun refused = CommandRun.of("series", "maintain", topic);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.messages()).contains("name one of them");
    }

    @Test
    void textOutsideOfAsciiStaysWhatItIs() {
        String line = new String(
                "t{ort=\"K\u00f6ln \u2764\"} 1 1\n".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        ok(CommandRun.withInput(line, "series", "write", store));
        String out = CommandRun.of("series", "labels", store, "ort").out();
        assertThat(new String(out.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .isEqualTo("K\u00f6ln \u2764\n");
    }
}
