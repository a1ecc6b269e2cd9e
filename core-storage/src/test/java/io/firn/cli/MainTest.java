package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.table.Table;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command from its arguments to its output and exit code. */
class MainTest {
    private static final String MAPPING = "dt:date=timestamp,origin:string=value.origin";
    private static final String CSV = """
            date,origin,delay
            2001-01-01T00:01:00Z,ATL,1
            2001-01-02T00:01:00Z,"LAX",2
            2001-01-01T00:03:00Z,ATL,3
            """;
    private static final String CSV_LINES = CSV.substring(CSV.indexOf('\n') + 1);

    @TempDir
    Path directory;

    private String table = "";

    @BeforeEach
    void nameTheTable() {
        table = directory.resolve("table").toString();
    }

    private void createWithFlights() {
        assertThat(CommandRun.of("create", table, "--partition-by", MAPPING).code())
                .isZero();
        CommandRun append = CommandRun.withInput(CSV, "append", table, "--format", "csv", "--timestamp-field", "date");
        assertThat(append.code()).as(append.messages()).isZero();
    }

    @Test
    void linesComeBackByteForByteHotAndCold() {
        CommandRun.of("create", table);
        String input = "{\"a\":1}\n\n\r\nwith carriage return\r\n\u0000\u00ff\u00fe not UTF-8\n" + "x".repeat(700_000)
                + "\n\n";
        assertThat(CommandRun.withInput(input, "append", table).code()).isZero();

        assertThat(CommandRun.of("cat", table).out()).isEqualTo(input);
        assertThat(CommandRun.of("compress", table).code()).isZero();
        assertThat(CommandRun.of("cat", table).out()).isEqualTo(input);
        assertThat(CommandRun.of("cat", table, "--read-ahead", "0").out()).isEqualTo(input);
        assertThat(CommandRun.of("cat", table, "--read-ahead", "1MiB").out()).isEqualTo(input);
        assertThat(CommandRun.of("decompress", table).out()).contains("decompressed 1");
        assertThat(CommandRun.of("cat", table).out()).isEqualTo(input);
    }

    @Test
    void theLastLineNeedsNoLineFeed() {
        CommandRun.of("create", table);
        CommandRun.withInput("a\nb", "append", table);
        assertThat(CommandRun.of("cat", table).out()).isEqualTo("a\nb\n");
    }

    @Test
    void csvIsDividedByItsColumnsAndKeepsItsLines() {
        createWithFlights();

        assertThat(CommandRun.of("cat", table).out()).isEqualTo(CSV_LINES);
        assertThat(CommandRun.of("cat", table, "--where", "origin = 'LAX'").out())
                .isEqualTo("2001-01-02T00:01:00Z,\"LAX\",2\n");
        CommandRun nobody = CommandRun.of("cat", table, "--writer", "nobody");
        assertThat(nobody.out()).isEmpty();
        assertThat(nobody.messages()).contains("note: there is no writer 'nobody' in " + table, "1 writer");
        assertThat(CommandRun.of("cat", table, "--from", "2001@ms", "--to", "20010101@ms")
                        .out())
                .isEmpty();
        assertThat(CommandRun.of("cat", table, "--from", "2001-01-01T00:02", "--to", "2001-01-02")
                        .out())
                .isEqualTo("2001-01-01T00:03:00Z,ATL,3\n");
        assertThat(CommandRun.of("cat", table, "--limit", "1", "--format", "hex")
                        .out())
                .startsWith("323030312d30312d3031")
                .hasLineCount(1);
        assertThat(CommandRun.of("cat", table, "--limit", "1", "--format", "jsonl")
                        .out())
                .isEqualTo("{\"writer\":\"main\",\"sequence\":0,\"partition\":\"dt=2001-01-01/origin=ATL\","
                        + "\"timestampNs\":978307260000000000,\"value\":\"2001-01-01T00:01:00Z,ATL,1\"}\n");
    }

    @Test
    void carriageReturnIsNoPartOfTheLastColumn() {
        CommandRun.of("create", table, "--partition-by", "origin:string=value.origin");
        CommandRun.withInput("a,origin\r\n1,ATL\r\n2,\"LAX\"\r\n", "append", table, "--format", "csv");
        CommandRun.of("settle", table);

        assertThat(CommandRun.of("ls", table).out()).contains("origin=ATL ", "origin=LAX ");
        assertThat(CommandRun.of("cat", table).out()).isEqualTo("1,ATL\r\n2,\"LAX\"\r\n");
    }

    @Test
    void listsWhatIsUnsettledThenPartitions() {
        createWithFlights();
        assertThat(CommandRun.of("ls", table).out()).contains("(unsettled)").contains("total 0 partitions");

        assertThat(CommandRun.of("settle", table, "--json").out()).contains("\"settledRecords\":3");
        assertThat(CommandRun.of("ls", table).out())
                .doesNotContain("unsettled")
                .contains("dt=2001-01-01/origin=ATL  hot ", "2001-01-01T00:03:00Z", "total 2 partitions");
        assertThat(CommandRun.of("ls", table, "--json", "--where", "origin = 'ATL'")
                        .out())
                .contains("\"total\":{\"partitions\":1,\"segments\":1,\"records\":2,");
        CommandRun.of("compress", table, "--where", "origin = 'ATL'");
        assertThat(CommandRun.of("stats", table, "--json").out())
                .contains("{\"tier\":\"hot\",\"segments\":1,\"records\":1,")
                .contains("{\"tier\":\"cold\",\"segments\":1,\"records\":2,")
                .contains("{\"writer\":\"main\",\"records\":3,\"position\":3,\"gaps\":0}");
        assertThat(CommandRun.of("stats", table).out()).contains("TIER", "cold", "WRITER");
    }

    @Test
    void acknowledgesCommittedRecords() {
        CommandRun.of("create", table);
        CommandRun run = CommandRun.withInput("1\n2\n3\n4\n5\n", "append", table, "--commit-every", "2", "--ack");
        assertThat(run.out()).isEqualTo("2\n4\n5\n");
    }

    @Test
    void aBadLineIsNamedAndWhatIsBeforeItIsCommitted() {
        CommandRun.of("create", table, "--partition-by", MAPPING);
        CommandRun run = CommandRun.withInput(
                "{\"origin\":\"ATL\"}\n{\"from\":\"ATL\"}\n{\"origin\":\"LAX\"}\n", "append", table);

        assertThat(run.code()).isEqualTo(CliCommand.FAILED);
        assertThat(run.messages()).contains("Line 2:", "'origin'", "of this run 1 record committed");
        assertThat(CommandRun.of("cat", table).out()).isEqualTo("{\"origin\":\"ATL\"}\n");
    }

    @Test
    void errantLinesAreLeftOutWhenTheTableSaysSo() {
        CommandRun.of("create", table, "--partition-by", MAPPING, "--config", "partition.missing.field=errant");
        CommandRun run = CommandRun.withInput("{}\n{\"origin\":\"LAX\"}\n", "append", table);

        assertThat(run.code()).as(run.messages()).isZero();
        assertThat(run.messages()).contains("left out: Line 1:", "1 left out");
        assertThat(CommandRun.of("cat", table).out()).isEqualTo("{\"origin\":\"LAX\"}\n");
    }

    @Test
    void aSecondAppendOfOneWriterIsRefused() {
        CommandRun.of("create", table);
        try (Table opened = Table.open(Path.of(table));
                TableWriter holder = opened.writer(WriterOptions.named("main").build())) {
            CommandRun run = CommandRun.withInput("1\n", "append", table);
            assertThat(run.code()).isEqualTo(CliCommand.FAILED);
            assertThat(run.messages()).contains("'main'", "is open");
            assertThat(CommandRun.withInput("1\n", "append", table, "--writer", "other")
                            .code())
                    .isZero();
            assertThat(holder.position()).isZero();
        }
    }

    @Test
    void verifyNamesTheDamagedFileAndRecoverFindsNothing() throws IOException {
        createWithFlights();
        CommandRun.of("compress", table);
        assertThat(CommandRun.of("verify", table).out()).startsWith("sound: 3 records");
        assertThat(CommandRun.of("recover", table).out()).isEqualTo("nothing to recover\n");

        Path file = anyColdFile();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 3] ^= 4;
        Files.write(file, bytes);

        CommandRun run = CommandRun.of("verify", table);
        assertThat(run.code()).isEqualTo(CliCommand.FAILED);
        assertThat(run.out()).contains("damaged: ", file.getFileName().toString());
        assertThat(CommandRun.of("verify", table, "--json").out()).contains("\"sound\":false");
    }

    private Path anyColdFile() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(table))) {
            return files.filter(path -> path.toString().endsWith(".q.zst"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void wrongArgumentsAreUsageErrorsOfOneLine() {
        createWithFlights();
        assertUsage("there is no command 'bogus'", "bogus");
        assertUsage("makes partitions [p:string], but", "append", table, "--partition-by", "p:string=value.p");
        assertUsage("expected one character", "append", table, "--separator", "");
        assertUsage("expected a whole number, found 'x'", "cat", table, "--limit", "x");
        assertUsage("<table>", "ls");
        assertUsage("--where", "ls", table, "--where", "nosuch = 1");
        assertUsage("--from", "cat", table, "--from", "yesterday");
        assertUsage("2001@ms", "cat", table, "--from", "2001");
        assertUsage("2001-01-31", "cat", table, "--to", "20010101");
        assertUsage("--limit", "cat", table, "--limit", "-1");
        assertUsage("--read-ahead", "cat", table, "--read-ahead", "much");
        assertUsage("--format", "cat", table, "--format", "xml");
        assertUsage("--order", "cat", table, "--order", "backwards");
        assertUsage("--commit-every", "append", table, "--commit-every", "0");
        assertUsage("--all", "settle", table, "--all", "--policy");
        assertUsage("--partition-by", "create", table + "2", "--partition-by", "dt:century=timestamp");
        assertUsage("no table option 'segment.sise'", "create", table + "2", "--config", "segment.sise=1");
        assertUsage("segment.size", "create", table + "2", "--config", "segment.size=huge");
        assertThat(Path.of(table + "2")).doesNotExist();
    }

    private static void assertUsage(String expected, String... args) {
        CommandRun run = CommandRun.of(args);
        assertThat(run.code()).as(run.messages()).isEqualTo(CliCommand.USAGE);
        assertThat(run.messages()).contains(expected).doesNotContain("\tat ");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void failuresAreOneLineAndTheStackTraceIsForDebugging() {
        CommandRun run = CommandRun.of("ls", table);
        assertThat(run.code()).isEqualTo(CliCommand.FAILED);
        assertThat(run.messages()).startsWith("firn: ").contains(table).hasLineCount(1);
        assertThat(CommandRun.of("ls", table, "--debug").messages()).contains("\tat io.firn.");

        CommandRun.of("create", table);
        assertThat(CommandRun.of("create", table).code()).isEqualTo(CliCommand.FAILED);
        assertThat(CommandRun.of("append", table, directory + "/none").messages())
                .contains("Cannot read the input");
    }

    @Test
    void helpAndVersionGoToOutput() {
        assertThat(CommandRun.of("--help").out()).contains("Usage: firn", "append", "Exit codes:");
        assertThat(CommandRun.of("cat", "--help").out()).contains("Usage: firn cat", "--follow");
        assertThat(CommandRun.of("--version").out()).startsWith("firn ");
        CommandRun bare = CommandRun.of();
        assertThat(bare.code()).isEqualTo(CliCommand.USAGE);
        assertThat(bare.messages()).contains("Usage: firn");
    }

    @Test
    void aReaderThatHasEnoughEndsCatQuietly() {
        createWithFlights();
        assertThat(catInto("Broken pipe")).isEqualTo(new CommandRun(CliCommand.DONE, "", ""));
        CommandRun full = catInto("No space left on device");
        assertThat(full.code()).isEqualTo(CliCommand.FAILED);
        assertThat(full.messages()).contains("standard output: No space left on device");
    }

    private CommandRun catInto(String failure) {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException(failure);
            }
        };
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int code = Main.run(new ByteArrayInputStream(new byte[0]), closed, messages, "cat", table);
        return new CommandRun(code, "", messages.toString(java.nio.charset.StandardCharsets.UTF_8));
    }
}
