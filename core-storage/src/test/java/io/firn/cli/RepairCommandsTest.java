package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileTree;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.table.ArchiveRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Order by time, and the commands that list orphans and rebuild logs, as a user types them, on real files. */
class RepairCommandsTest {
    private static final String LINES = """
            {"t":5000,"origin":"SEA","n":1}
            {"t":1000,"origin":"ATL","n":2}
            {"t":3000,"origin":"SEA","n":3}
            """;
    private static final String MORE = """
            {"t":4000,"origin":"ATL","n":4}
            {"t":1000,"origin":"ATL","n":5}
            """;

    @TempDir
    Path directory;

    private String table = "";

    @BeforeEach
    void createTable() {
        table = directory.resolve("flights").toString();
        assertDone("", "create", table, "--partition-by", "origin:string=value.origin");
        append("main", LINES);
    }

    @Test
    void printsByTimeAndByPartitionHotAndCold() {
        append("another", MORE);
        String byTime = """
                {"t":1000,"origin":"ATL","n":5}
                {"t":1000,"origin":"ATL","n":2}
                {"t":3000,"origin":"SEA","n":3}
                {"t":4000,"origin":"ATL","n":4}
                {"t":5000,"origin":"SEA","n":1}
                """;
        String byPartition = """
                {"t":4000,"origin":"ATL","n":4}
                {"t":1000,"origin":"ATL","n":5}
                {"t":1000,"origin":"ATL","n":2}
                {"t":5000,"origin":"SEA","n":1}
                {"t":3000,"origin":"SEA","n":3}
                """;
        for (String verb : new String[] {"settle", "compress", "decompress"}) {
            assertThat(assertDone("", "cat", table, "--order", "time").out()).isEqualTo(byTime);
            assertThat(assertDone("", "cat", table, "--order", "partition").out())
                    .isEqualTo(byPartition);
            assertDone("", verb, table);
        }
        assertThat(assertDone("", "cat", table, "--order", "time", "--limit", "1", "--from", "3000@ms")
                        .out())
                .isEqualTo("{\"t\":3000,\"origin\":\"SEA\",\"n\":3}\n");
        assertThat(CommandRun.of("cat", table, "--order", "time", "--follow").code())
                .isEqualTo(2);
    }

    @Test
    void listsWhatNothingRefersToAndDeletesNothing() throws IOException {
        assertDone("", "settle", table);
        assertThat(assertDone("", "recover", table, "--orphans").out()).isEmpty();
        Path root = Path.of(table);
        Files.createDirectories(root.resolve("_table/tmp/7"));
        Files.write(root.resolve("_table/tmp/7/00000000000000000042-00000007.q"), new byte[] {1});
        Files.write(root.resolve("origin=ATL/00000000000000000043-00000007.q.zst"), new byte[] {2});
        Files.write(root.resolve("_table/hot/stranger~00000000.00000000000000000000.e1.q"), new byte[] {3});
        Files.write(root.resolve("notes.txt"), new byte[] {4});
        Map<String, byte[]> before = files();
        assertThat(assertDone("", "recover", table, "--orphans").out().lines())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).startsWith("_table/tmp/7: 1 file, temporary, of a rewrite"),
                        line -> assertThat(line)
                                .startsWith("origin=ATL/00000000000000000043-00000007.q.zst: a file of the lifecycle"),
                        line -> assertThat(line)
                                .startsWith("_table/hot/stranger~00000000.00000000000000000000.e1.q: expected the log"),
                        line -> assertThat(line).isEqualTo("notes.txt: belongs to nothing that is committed"));
        assertThat(files()).containsExactlyEntriesOf(before);
    }

    @Test
    void aLostCatalogIsRebuiltAndTheDamagedLogIsKept() throws IOException {
        append("another", MORE);
        assertDone("", "compress", table);
        append("main", MORE);
        assertDone("", "settle", table, "--where", "origin = 'ATL'");
        append("another", LINES);
        String before = assertDone("", "cat", table, "--format", "jsonl").out();
        assertThat(assertDone("", "recover", table, "--rebuild-catalog").out())
                .isEqualTo("the catalog is sound; nothing was rebuilt\n");
        Path catalog = Path.of(table, "_table", "catalog");
        Path log;
        try (Stream<Path> logs = Files.list(catalog)) {
            log = logs.filter(file -> file.toString().endsWith(".log"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] damaged = contentOf(log);
        damaged[70] ^= 4;
        Files.write(log, damaged);
        assertThat(CommandRun.of("cat", table).code()).isEqualTo(1);
        assertThat(assertDone("", "recover", table, "--rebuild-catalog").out()).contains("rebuilt the catalog");
        assertThat(assertDone("", "cat", table, "--format", "jsonl").out()).isEqualTo(before);
        assertThat(assertDone("", "verify", table).out()).startsWith("sound: 10 records");
        try (Stream<Path> kept = Files.list(catalog)) {
            assertThat(kept.filter(file -> file.toString().contains(".damaged-")))
                    .singleElement()
                    .satisfies(file -> assertThat(contentOf(file)).isEqualTo(damaged));
        }
        assertThat(CommandRun.of("recover", table, "--rebuild-catalog", "--orphans")
                        .code())
                .isEqualTo(2);
    }

    @Test
    void lostLogsOfWritersAreRebuiltAndAppendsGoOn() throws IOException {
        append("another", MORE);
        assertDone("", "compress", table);
        append("main", MORE);
        assertDone("", "settle", table, "--where", "origin = 'ATL'");
        append("another", LINES);
        String before = assertDone("", "cat", table, "--format", "jsonl").out();
        assertThat(assertDone("", "recover", table, "--rebuild-lanes").out())
                .isEqualTo("the logs of all writers are sound; nothing was rebuilt\n");
        deleteLogs("lanes");
        assertThat(CommandRun.of("cat", table).code()).isEqualTo(1);
        assertThat(assertDone("", "recover", table, "--rebuild-lanes").out())
                .contains("writer 'main': rebuilt its log", "position 5, 5 records")
                .contains("writer 'another': rebuilt its log");
        assertThat(assertDone("", "cat", table, "--format", "jsonl").out()).isEqualTo(before);
        append("main", LINES);
        assertThat(assertDone("", "verify", table).out()).startsWith("sound: 13 records");
        assertThat(CommandRun.of("recover", table, "--rebuild-lanes", "--orphans")
                        .code())
                .isEqualTo(2);
        assertThat(CommandRun.of("recover", table, "--writer", "main").code()).isEqualTo(2);
    }

    @Test
    void aLostCatalogAndLostLogsAreRebuiltOneAfterTheOther() throws IOException {
        append("another", MORE);
        assertDone("", "settle", table, "--where", "origin = 'ATL'");
        append("another", LINES);
        String before = assertDone("", "cat", table, "--format", "jsonl").out();
        deleteLogs("catalog");
        deleteLogs("lanes");
        CommandRun tooEarly = CommandRun.of("recover", table, "--rebuild-catalog");
        assertThat(tooEarly.code()).isEqualTo(1);
        assertThat(tooEarly.messages()).contains("--rebuild-lanes");
        CommandRun lanes = CommandRun.of("recover", table, "--rebuild-lanes");
        assertThat(lanes.code()).isEqualTo(1);
        assertThat(lanes.out()).contains("writer 'another': rebuilt", "now run 'firn recover --rebuild-catalog'");
        assertDone("", "recover", table, "--rebuild-catalog");
        assertThat(assertDone("", "cat", table, "--format", "jsonl").out()).isEqualTo(before);
        assertThat(assertDone("", "verify", table).out()).startsWith("sound: 8 records in 3 files of 2 writers");
    }

    @Test
    void aCatalogThatIsGoneWithItsDirectoryIsRebuilt() {
        append("main", LINES);
        assertDone("", "settle", table, "--where", "origin = 'ATL'");
        String before = assertDone("", "cat", table, "--format", "jsonl").out();
        deleteAll("catalog");
        assertThat(assertDone("", "recover", table, "--rebuild-catalog").out()).contains("rebuilt the catalog");
        assertThat(assertDone("", "cat", table, "--format", "jsonl").out()).isEqualTo(before);
    }

    @Test
    void aWriterWhoseLogIsGoneWithItsDirectoryIsNotBegunAgain() throws IOException {
        append("main", LINES);
        append("another", MORE);
        assertDone("", "settle", table, "--where", "origin = 'ATL'");
        String before = assertDone("", "cat", table, "--format", "jsonl").out();
        for (String writer : List.of("main", "another")) {
            deleteAll("lanes");
            Map<String, byte[]> files = files();
            assertRefused("cat", table);
            assertThat(CommandRun.of("verify", table).out()).contains("damaged: _table/lanes at");
            for (int attempt = 0; attempt < 3; attempt++) {
                assertRefused("append", table, "--writer", writer, "--timestamp-field", "t");
            }
            assertThat(files()).containsAllEntriesOf(files);
            CommandRun verified = CommandRun.of("verify", table);
            assertThat(verified.code()).isEqualTo(1);
            assertThat(verified.out()).contains("damaged: _table/lanes/main~", "expected the log of");
        }
        assertDone("", "recover", table, "--rebuild-lanes");
        assertThat(assertDone("", "cat", table, "--format", "jsonl").out()).isEqualTo(before);
        append("main", MORE);
        assertThat(assertDone("", "verify", table).out()).startsWith("sound: ");
        assertThat(assertDone("", "cat", table).out().lines())
                .hasSize((int) (before.lines().count() + MORE.lines().count()));
    }

    @Test
    void anOldCopyOfALogIsNotGoneOnFrom() throws IOException {
        append("main", LINES);
        Map<String, byte[]> copy = files();
        append("main", MORE);
        String before = assertDone("", "cat", table, "--format", "jsonl").out();
        restore("lanes", copy);
        assertRefused("append", table, "--timestamp-field", "t");
        assertDone("", "recover", table, "--rebuild-lanes");
        assertThat(assertDone("", "cat", table, "--format", "jsonl").out()).isEqualTo(before);
        assertDone("", "settle", table);
        restore("lanes", copy);
        assertRefused("append", table, "--timestamp-field", "t");
        assertDone("", "recover", table, "--rebuild-lanes");
        append("main", LINES);
        assertThat(assertDone("", "cat", table, "--format", "jsonl").out()).startsWith(before);
    }

    @Test
    void underAnOldCopyOfTheCatalogNoFileIsReplaced() throws IOException {
        append("main", LINES);
        assertDone("", "settle", table, "--where", "origin = 'ATL'");
        Map<String, byte[]> copy = files();
        assertDone("", "settle", table);
        append("main", MORE);
        assertDone("", "settle", table);
        Map<String, byte[]> files = rewritten();
        restore("catalog", copy);
        append("another", LINES);
        assertThat(CommandRun.of("settle", table).code()).isEqualTo(1);
        assertThat(rewritten()).containsAllEntriesOf(files);
    }

    @Test
    void noTableIsMadeAmongTheFilesOfOneThatHasLostItsDirectory() throws IOException {
        append("main", LINES);
        assertDone("", "settle", table);
        deleteAll("");
        Map<String, byte[]> files = files();
        assertThat(files).isNotEmpty();
        CommandRun run = CommandRun.of("create", table, "--partition-by", "origin:string=value.origin");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.messages()).contains("origin=ATL", "whose _table is gone");
        assertThat(files()).containsExactlyEntriesOf(files);
    }

    /** Nor is the table left out where all of a directory are looked at. */
    @Test
    void lostMetadataAreNoAbsentTable() throws IOException {
        append("main", LINES);
        Path metadata = Path.of(table, "_table", "metadata.json");
        Path kept = directory.resolve("kept");
        Files.move(metadata, kept);
        for (String command : List.of("cat", "append", "settle", "verify", "recover")) {
            CommandRun run = CommandRun.of(command, table);
            assertThat(run.code()).as(command).isEqualTo(1);
            assertThat(run.messages()).contains(metadata.toString(), "lost").doesNotContain("firn create");
        }
        assertThat(ArchiveRoot.tablesBelow(directory)).containsExactly("flights");
        Files.move(kept, metadata);
        assertThat(assertDone("", "verify", table).out()).startsWith("sound: 6 records");
    }

    private Map<String, byte[]> rewritten() throws IOException {
        Map<String, byte[]> files = files();
        files.keySet().removeIf(path -> path.contains("_table"));
        return files;
    }

    private void restore(String directory, Map<String, byte[]> copy) throws IOException {
        deleteAll(directory);
        for (Map.Entry<String, byte[]> file : copy.entrySet()) {
            Path path = Path.of(file.getKey());
            if (path.startsWith(Path.of(table, "_table", directory))) {
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
            }
        }
    }

    private static void assertRefused(String... args) {
        CommandRun run = CommandRun.withInput(LINES, args);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.messages()).contains("_table/lanes", "firn recover --rebuild-lanes");
    }

    /** Deletes a directory of the table's, and what is in it. */
    private void deleteAll(String directory) {
        FileTree.delete(LocalFileStore.open(IoMode.AUTO), Path.of(table, "_table", directory));
    }

    /** Deletes all logs below a directory of the table's. */
    private void deleteLogs(String below) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(table, "_table", below))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".log")).toList()) {
                Files.delete(file);
            }
        }
    }

    private void append(String writer, String lines) {
        assertDone(lines, "append", table, "--writer", writer, "--timestamp-field", "t");
    }

    private static CommandRun assertDone(String input, String... args) {
        CommandRun run = CommandRun.withInput(input, args);
        assertThat(run.code()).as(run.messages()).isZero();
        return run;
    }

    private Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(Path.of(table))) {
            all.filter(Files::isRegularFile).forEach(file -> files.put(file.toString(), contentOf(file)));
        }
        return files;
    }

    private static byte[] contentOf(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
