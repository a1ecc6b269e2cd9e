package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look after a table, as a user types them. */
class MaintenanceCommandsTest {
    private static final String LINES = """
            {"origin":"ATL","n":1}
            {"origin":"SEA","n":2}
            {"origin":"ATL","n":3}
            """;

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
        assertThat(run(LINES, "append", table)).as(text(messages)).isZero();
    }

    @Test
    void settlesCompressesAndDecompressesWithoutChangingARecord() throws IOException {
        for (String command : List.of("settle", "compress", "decompress")) {
            assertThat(run("", command, table, "--all")).as(text(messages)).isZero();
            assertThat(run("", "cat", table)).isZero();
            assertThat(text(out)).isEqualTo(LINES);
            assertThat(segments(".q.zst")).hasSize(command.equals("compress") ? 2 : 0);
            assertThat(run("", "verify", table)).isZero();
            assertThat(text(out)).startsWith("sound: 3 records");
        }
        assertThat(run("", "compress", table, "--all", "--json")).isZero();
        assertThat(text(out)).startsWith("{");
    }

    @Test
    void nothingIsDueToBeDecompressed() throws IOException {
        assertThat(run("", "compress", table)).isZero();
        assertThat(run("", "decompress", table, "--policy")).isEqualTo(2);
        assertThat(text(messages)).contains("--policy", "choose partitions with --where");
        assertThat(segments(".q.zst")).hasSize(2);
        assertThat(run("", "decompress", "--help")).isZero();
        assertThat(text(out)).doesNotContain("--policy", "--config");
        assertThat(run("", "settle", "--help")).isZero();
        assertThat(text(out)).contains("--policy").doesNotContain("--config");
    }

    @Test
    void takesARateAndRefusesWhatIsNone() throws IOException {
        assertThat(run("", "compress", table, "--bytes-per-second", "fast")).isEqualTo(2);
        assertThat(text(messages))
                .contains("--bytes-per-second")
                .contains("'fast'")
                .contains("20MiB");
        assertThat(segments(".q.zst")).isEmpty();
        assertThat(run("", "compress", table, "--bytes-per-second", "1GiB")).isZero();
        assertThat(segments(".q.zst")).hasSize(2);
    }

    @Test
    void aRunMayGoByOtherOptionsThanTheTableAndStoresNone() throws IOException {
        assertThat(run("", "settle", table)).isZero();
        assertThat(run("", "compress", table, "--policy")).as(text(messages)).isZero();
        assertThat(segments(".q.zst")).as("the table says idle-after").isEmpty();
        String[] sizes = {
            "--config", "compression.policy=size-threshold", "--config", "compression.threshold.bytes=1GiB"
        };
        assertThat(run("", "compress", table, "--policy", sizes[0], sizes[1], sizes[2], sizes[3]))
                .isZero();
        assertThat(segments(".q.zst")).isEmpty();
        assertThat(run("", "compress", table, "--policy", "--config", "compression.policy=immediate"))
                .as(text(messages))
                .isZero();
        assertThat(segments(".q.zst")).hasSize(2);
        assertThat(Files.readString(Path.of(table, "_table", "metadata.json"))).doesNotContain("immediate");
        assertThat(run("", "cat", table)).isZero();
        assertThat(text(out)).isEqualTo(LINES);

        assertThat(run("", "compress", table, "--config", "segment.size=1MiB")).isEqualTo(2);
        assertThat(text(messages)).contains("'segment.size' is no option of compression", "compression.level");
        assertThat(run("", "compress", table, "--config", "compression.level=99"))
                .isEqualTo(2);
        assertThat(text(messages)).contains("--config", "99");
    }

    @Test
    void readingWithCatCountsAsUse() throws IOException {
        assertThat(run("", "settle", table)).isZero();
        assertThat(accessLogs()).isEmpty();
        assertThat(run("", "cat", table, "--where", "origin = 'ATL'"))
                .as(text(messages))
                .isZero();
        assertThat(accessLogs()).singleElement().asString().contains("origin=ATL");
        String log = Files.readString(accessLogs().get(0));
        assertThat(log).matches("\\d+ 1 [0-9a-f]+ .*\\.q\n");
    }

    private List<Path> accessLogs() throws IOException {
        return segments(".access_log");
    }

    @Test
    void showsStatistics() {
        assertThat(run("", "compress", table)).as(text(messages)).isZero();
        assertThat(run("", "stats", table)).isZero();
        assertThat(text(out)).contains("3");
        assertThat(run("", "stats", table, "--json")).isZero();
        assertThat(text(out)).startsWith("{").contains("3");
    }

    @Test
    void recoverLeavesAHealthyTableAsItIs() {
        assertThat(run("", "recover", table)).as(text(messages)).isZero();
        assertThat(run("", "recover", table)).as(text(messages)).isZero();
        assertThat(run("", "cat", table)).isZero();
        assertThat(text(out)).isEqualTo(LINES);
    }

    @Test
    void verifyNamesTheDamagedFileAndItsOffset() throws IOException {
        assertThat(run("", "compress", table, "--all")).isZero();
        Path victim = segments(".q.zst").get(0);
        byte[] bytes = Files.readAllBytes(victim);
        bytes[bytes.length / 3] ^= 1;
        Files.write(victim, bytes);

        assertThat(run("", "verify", table)).isEqualTo(1);
        assertThat(text(out))
                .contains("damaged: ")
                .contains(victim.getFileName().toString());
        assertThat(run("", "verify", table, "--json")).isEqualTo(1);
        assertThat(text(out))
                .contains("\"offset\"")
                .contains(victim.getFileName().toString());
    }

    private List<Path> segments(String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(table))) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
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
