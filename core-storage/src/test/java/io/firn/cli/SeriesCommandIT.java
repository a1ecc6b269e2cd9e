package io.firn.cli;

import static io.firn.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.WriterFencedException;
import io.firn.series.Labels;
import io.firn.series.SeriesBatch;
import io.firn.series.SeriesStore;
import io.firn.series.SeriesStoreOptions;
import io.firn.series.SeriesType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code firn series} beside the real {@code bin/firn series write}, a process of its own that lines are fed to: what
 * others see of its store, what they are refused, and what it leaves when it is killed. And the formats that samples
 * come in.
 */
class SeriesCommandIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final String ALL = "{__name__=~\".+\"}";

    @TempDir
    private Path directory;

    /** A process that writes what it is told, and says which lines are durable. */
    private static final class LiveWriter implements AutoCloseable {
        private final Process process;
        private final Path acknowledged;
        private int lines;

        LiveWriter(Path directory, Path store, String... options) throws IOException {
            acknowledged = directory.resolve(store.getFileName() + ".ack");
            List<String> command = new ArrayList<>(
                    List.of(Path.of("..", "bin", "firn").toRealPath().toString(), "series", "write", store.toString()));
            command.addAll(List.of("-", "--ack", "--commit-every", "1"));
            command.addAll(List.of(options));
            process = new ProcessBuilder(command)
                    .redirectOutput(acknowledged.toFile())
                    .redirectError(
                            directory.resolve(store.getFileName() + ".err").toFile())
                    .start();
        }

        void send(String text) throws IOException {
            process.getOutputStream().write((text + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }

        /** Returns when the lines are durable. */
        void write(String... texts) throws IOException {
            for (String text : texts) {
                send(text);
                lines++;
            }
            await().atMost(TIMEOUT).until(() -> !process.isAlive() || isAcknowledged());
            assertThat(isAcknowledged()).as("ended before line %d", lines).isTrue();
        }

        private boolean isAcknowledged() throws IOException {
            return Files.readAllLines(acknowledged).contains(Integer.toString(lines));
        }

        /** Ends its input. Returns its exit code. */
        int end() throws Exception {
            process.getOutputStream().close();
            assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        /** {@code kill -9}. */
        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    private static CommandRun series(String... arguments) {
        return withInput("", arguments);
    }

    private static CommandRun withInput(String input, String... arguments) {
        List<String> all = new ArrayList<>(List.of("series"));
        all.addAll(Arrays.asList(arguments));
        return CommandRun.withInput(input, all.toArray(String[]::new));
    }

    private static String ok(CommandRun run) {
        assertThat(run.code()).as(run.messages()).isZero();
        return run.out();
    }

    private static String select(String store, String selection, String... options) {
        List<String> all = new ArrayList<>(List.of("select", store, selection));
        all.addAll(List.of(options));
        return ok(series(all.toArray(String[]::new)));
    }

    // --- beside a process

    @Test
    void othersReadWhatARunningWriterHasAcknowledgedAndChangeNothing() throws Exception {
        Path path = directory.resolve("live");
        String store = path.toString();
        String printed;
        try (LiveWriter writer = new LiveWriter(directory, path)) {
            writer.write(
                    "# HELP requests_total how many",
                    "# TYPE requests counter",
                    "requests_total{path=\"/a\",code=\"200\"} 17 1700000000000",
                    "requests_total{path=\"/b\\\\\\\"c\\n\",code=\"500\",} 3e-2 1700000000000");
            assertThat(select(store, "requests_total{code=~\"5..\"}", "--format", "jsonl"))
                    .isEqualTo(
                            "{\"labels\":{\"__name__\":\"requests_total\",\"code\":\"500\",\"path\":\"/b\\\\\\\"c\\n\"}"
                                    + ",\"type\":\"counter\",\"timestamp\":1700000000000,\"value\":0.03}\n");
            writer.write("requests_total{path=\"/a\",code=\"200\"} +Inf 1700000001000", "up NaN 1700000002000");
            assertThat(select(store, "requests_total{path=\"/a\"}", "--from", "2023-11-14T22:13:21Z"))
                    .isEqualTo("""
                            series,timestamp_ms,value
                            "requests_total{code=""200"",path=""/a""}",1700000001000,+Inf
                            """);
            assertThat(ok(series("labels", store, "code", "--match", "{path!=\"/a\",code!~\"4.*|\"}")))
                    .isEqualTo("500\n");
            assertThat(ok(series("stats", store, "--json")))
                    .contains("\"series\":3,\"headSeries\":3,\"headSamples\":4");
            for (String change : List.of("maintain", "delete")) {
                CommandRun refused =
                        change.equals("delete") ? series(change, store, "up") : series(change, store, "--cut");
                assertThat(refused.code()).as(change).isEqualTo(CliCommand.FAILED);
                assertThat(refused.messages()).contains("is open in another place");
            }
            printed = select(store, ALL, "--format", "prometheus");
        }
        assertThat(select(store, ALL, "--format", "prometheus"))
                .as("after kill -9 of the writer")
                .isEqualTo(printed);
        ok(series("maintain", store, "--cut", "--compress"));
        assertThat(ok(series("stats", store))).contains("cold");
        String copy = directory.resolve("copy").toString();
        ok(withInput(printed, "write", copy));
        assertThat(select(copy, ALL)).isEqualTo(select(store, ALL)).hasLineCount(5);
        ok(series("delete", store, "requests_total", "--to", "1700000001000"));
        ok(series("maintain", store, "--compact"));
        assertThat(select(store, "requests_total")).hasLineCount(2).contains("Inf");
    }

    @Test
    void theStoresOfSeveralProcessesAreReadAsOneAndChangedOneByOne() throws Exception {
        Path topic = directory.resolve("topic");
        try (LiveWriter first = new LiveWriter(directory, topic.resolve("p-0"));
                LiveWriter second = new LiveWriter(directory, topic.resolve("p-1"))) {
            first.write("load{host=\"a\"} 1 1000", "load{host=\"shared\"} 1 1000");
            second.write("load{host=\"b\"} 2 1000", "load{host=\"shared\"} 2 1000");
            assertThat(select(topic.toString(), "load")).isEqualTo("""
                    series,timestamp_ms,value
                    "load{host=""a""}",1000,1
                    "load{host=""b""}",1000,2
                    "load{host=""shared""}",1000,2
                    """);
            assertThat(ok(series("stats", topic.toString(), "--json"))).contains("\"stores\":2,\"series\":3");
            CommandRun refused = series("maintain", topic.toString());
            assertThat(refused.code()).isEqualTo(CliCommand.USAGE);
            assertThat(refused.messages()).contains("name one of them");
            first.send("broken");
            assertThat(first.end()).isEqualTo(CliCommand.FAILED);
            assertThat(second.end()).isZero();
        }
    }

    @Test
    void aProcessThatTakesOverFencesTheOwnerOffAndWithdrawsWhatThatHasNotCommitted() throws Exception {
        Path path = directory.resolve("taken");
        Labels labels = Labels.of("s", "a");
        SeriesStoreOptions options =
                SeriesStoreOptions.fromProperties(Map.of("commit.every", "flush", "metrics.jmx", "true"));
        try (SeriesStore owner = SeriesStore.open(path, options)) {
            owner.write(new SeriesBatch().add(labels, SeriesType.GAUGE, 1, 1));
            owner.flush();
            owner.write(new SeriesBatch().add(labels, SeriesType.GAUGE, 2, 2));
            try (LiveWriter successor = new LiveWriter(directory, path, "--config", "take.over=true")) {
                successor.write("{s=\"a\"} 3 3");
                assertThatThrownBy(owner::flush).isInstanceOf(WriterFencedException.class);
                assertThatThrownBy(() -> owner.write(new SeriesBatch().add(labels, SeriesType.GAUGE, 4, 4)))
                        .isInstanceOf(WriterFencedException.class)
                        .hasMessageContaining("Another process took over the series store of");
                assertThatThrownBy(owner::cut).isInstanceOf(WriterFencedException.class);
                successor.write("{s=\"a\"} 5 5");
                assertThat(successor.end()).isZero();
            }
        }
        assertThat(select(path.toString(), "{s=\"a\"}")).isEqualTo("""
                series,timestamp_ms,value
                "{s=""a""}",1,1
                "{s=""a""}",3,3
                "{s=""a""}",5,5
                """);
    }

    // --- formats

    @Test
    void whatExportersFilesAndScriptsGiveMeetsInOneStore() throws IOException {
        String store = directory.resolve("all").toString();
        ok(withInput("""
                # TYPE req counter
                req_total{a="b"} 17 1700000000.125 # {trace="x"} 1 1700000000.0
                # TYPE lat histogram
                lat_bucket{le="0.5"} 3 1700000000
                # TYPE age summary
                age_sum 1.5 1700000000
                {"disk.used",host="n"} 9 1700000000
                # EOF
                behind 1
                """, "write", store, "--format", "openmetrics"));
        Path csv = Files.writeString(directory.resolve("readings.csv"), """
                site;when;temp;humidity
                north;2023-11-14T22:13:20Z;1.5;80
                south;2023-11-14T23:13:20+01:00;2.5;
                """);
        String fields = "--labels site=value.site,by='csv' --timestamp value.when --type gauge"
                + " --value temp=value.temp,humidity=value.humidity";
        ok(series(("write " + store + " " + csv + " --format csv --separator ; " + fields).split(" ")));
        ok(JsonLines.write(store, "{\"h\":\"x\",\"t\":1700000000.5,\"v\":\"-inf\"}\n"));
        assertThat(select(store, "{__name__=~\".*\",site=~\".*\",h=~\".*\",by=~\".+\"}", "--format", "jsonl"))
                .hasLineCount(3)
                .contains("\"humidity\",\"by\":\"csv\",\"site\":\"north\"},\"type\":\"gauge\"")
                .contains("\"timestamp\":1700000000000,\"value\":2.5");
        assertThat(select(store, ALL, "--format", "jsonl"))
                .contains("{\"__name__\":\"lat_bucket\",\"le\":\"0.5\"},\"type\":\"histogram\"")
                .contains("{\"__name__\":\"age_sum\"},\"type\":\"summary\"")
                .contains("{\"__name__\":\"req_total\",\"a\":\"b\"},\"type\":\"counter\",\"timestamp\":1700000000125")
                .contains("{\"__name__\":\"disk.used\",\"host\":\"n\"}")
                .doesNotContain("behind");
        assertThat(select(store, "{h='x'}")).contains(",1700000000500,-Inf");
        assertThat(select(store, "{`disk.used`,\"host\"=\"\\x6e\"}")).contains(",1700000000000,9");
    }

    @Test
    void aBadLineIsNamedAndTheCorrectedFileCountsOnce() {
        String store = directory.resolve("corrected").toString();
        ok(withInput("", "write", store, "--config", "timestamp.unit=s"));
        String good = "{\"h\":\"x\",\"t\":1,\"v\":1}\n";
        List<String> bad = List.of(
                "{\"h\":\"x\",\"t\":2,\"v\":\"one\"}",
                "{\"h\":\"x\",\"t\":\"soon\",\"v\":1}",
                "{\"h\":\"x\",\"t\":1e300,\"v\":1}",
                "{\"h\":\"x\",\"v\":1}",
                "{\"h\":\"x\",\"t\":2}",
                "{\"t\":2,\"v\":1}");
        for (String line : bad) {
            CommandRun run = JsonLines.write(store, good + line + "\n" + good);
            assertThat(run.code()).as(line).isEqualTo(CliCommand.FAILED);
            assertThat(run.messages()).as(line).contains("Line 2: ", "1 samples of 1 lines");
        }
        for (String line :
                List.of("up", "up one", "up 1 2.5", "up{a=b} 1", "up{a=\"b\" 1", "up{a=\"\\q\"} 1", "up 1 2 3")) {
            CommandRun run = withInput("{h=\"x\"} 1 1000\n" + line + "\n", "write", store);
            assertThat(run.code()).as(line).isEqualTo(CliCommand.FAILED);
            assertThat(run.messages()).as(line).contains("Line 2: ");
        }
        ok(JsonLines.write(store, good + "{\"h\":\"x\",\"t\":2,\"v\":1}\n"));
        assertThat(select(store, "{h=\"x\"}")).hasLineCount(3).startsWith("series,timestamp_s,value");
        assertThat(ok(series("stats", store))).contains("from 1970-01-01T00:00:01Z to 1970-01-01T00:00:02Z");
        CommandRun other = series("maintain", store, "--config", "timestamp.unit=ms");
        assertThat(other.code()).isEqualTo(CliCommand.FAILED);
        assertThat(other.messages()).contains("the unit never changes");
    }

    @Test
    void aSelectionThatIsWrongIsToldWhere() {
        String store = directory.resolve("asked").toString();
        ok(withInput("up{job=\"a\"} 1 1\n", "write", store));
        List.of(
                        "up{job~\"a\"}",
                        "up{job=a}",
                        "up{job=\"a\"",
                        "up{job=\"a",
                        "up{} x",
                        "{}",
                        "up{job=\"\\q\"}",
                        "up{job=\"\\u12\"}")
                .forEach(wrong -> {
                    CommandRun run = series("select", store, wrong);
                    assertThat(run.code()).as(wrong).isEqualTo(CliCommand.USAGE);
                    assertThat(run.messages()).as(wrong).contains("wrong at index ");
                });
        assertThat(series("select", store, "up{job=~\"(\"}").messages()).contains("regular expression", "job");
        assertThat(series("select", store, "{job!=\"b\"}").messages()).contains("absent label");
        assertThat(select(store, " up { job = '\\u0061' , } ")).hasLineCount(2);
    }
}
