package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A file of a table that somebody replaced by one of the same name, which every other table has, too: nobody shows its
 * records, nobody rewrites and deletes it.
 */
class ReplacedFilesTest {
    private static final String LINES = """
            {"t":1000,"origin":"ATL","n":1}
            {"t":2000,"origin":"SEA","n":2}
            """;
    private static final String OTHERS = """
            {"t":7000,"origin":"ATL","n":7}
            {"t":8000,"origin":"SEA","n":8}
            """;

    @TempDir
    Path directory;

    private Path table = Path.of("");
    private Path other = Path.of("");

    @BeforeEach
    void createTables() throws IOException {
        table = create("flights");
        other = create("others");
        append(table, LINES);
        append(other, OTHERS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"settle", "compress"})
    void aRewrittenFileOfAnotherTableIsRefused(String verb) throws IOException {
        done(verb, table.toString());
        done(verb, other.toString());
        replaceFiles(other);
        assertRefused(verb.equals("settle") ? "compress" : "decompress");
    }

    @Test
    void aFileOfAWriterOfAnotherTableIsRefused() throws IOException {
        Path hot = files(table).keySet().stream()
                .filter(path -> path.toString().endsWith(".q"))
                .findFirst()
                .orElseThrow();
        Files.copy(other.resolve(hot), table.resolve(hot), StandardCopyOption.REPLACE_EXISTING);
        assertRefused("settle");
    }

    /** A copy has the same id; somebody went on with both. */
    @ParameterizedTest
    @ValueSource(strings = {"settle", "compress"})
    void aRewrittenFileOfACopyOfTheTableIsRefused(String verb) throws IOException {
        Path copy = directory.resolve("copy");
        copy(table, copy);
        append(table, LINES);
        append(copy, OTHERS);
        done(verb, table.toString());
        done(verb, copy.toString());
        replaceFiles(copy);
        assertRefused(verb.equals("settle") ? "compress" : "decompress");
    }

    @ParameterizedTest
    @ValueSource(strings = {"settle", "compress"})
    void filesThatChangedTheirPlacesAreRefused(String verb) throws IOException {
        done(verb, table.toString());
        List<Path> files = rewritten(table);
        assertThat(files).hasSize(2);
        Path kept = directory.resolve("kept");
        Files.move(table.resolve(files.get(0)), kept);
        Files.move(table.resolve(files.get(1)), table.resolve(files.get(0)));
        Files.move(kept, table.resolve(files.get(1)));
        assertRefused(verb.equals("settle") ? "compress" : "decompress");
    }

    private void replaceFiles(Path from) throws IOException {
        List<Path> files = rewritten(table);
        assertThat(files).hasSize(2).isEqualTo(rewritten(from));
        for (Path file : files) {
            Files.copy(from.resolve(file), table.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Neither read nor rewritten, and still as it was. */
    private void assertRefused(String rewrite) throws IOException {
        Map<Path, byte[]> before = files(table);
        before.keySet().removeIf(path -> !path.toString().contains(".q"));
        String path = table.toString();
        for (CommandRun run : List.of(
                CommandRun.of("cat", path),
                CommandRun.of("cat", path, "--order", "time"),
                CommandRun.of("cat", path, "--order", "partition"),
                CommandRun.of("verify", path),
                CommandRun.of(rewrite, path))) {
            assertThat(run.code()).as(run.out()).isEqualTo(1);
            assertThat(run.messages() + run.out()).contains("expected");
        }
        assertThat(files(table)).containsAllEntriesOf(before);
    }

    private Path create(String name) {
        Path created = directory.resolve(name);
        done("create", created.toString(), "--partition-by", "origin:string=value.origin");
        return created;
    }

    private static void append(Path to, String lines) {
        CommandRun run = CommandRun.withInput(lines, "append", to.toString(), "--timestamp-field", "t");
        assertThat(run.code()).as(run.messages()).isZero();
    }

    private static void done(String... command) {
        CommandRun run = CommandRun.of(command);
        assertThat(run.code()).as(run.messages()).isZero();
    }

    private static List<Path> rewritten(Path root) throws IOException {
        return files(root).keySet().stream()
                .filter(path -> path.toString().startsWith("origin="))
                .filter(path -> path.toString().contains(".q"))
                .toList();
    }

    private static Map<Path, byte[]> files(Path root) throws IOException {
        Map<Path, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(path), Files.readAllBytes(path));
            }
        }
        return files;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.sorted(Comparator.naturalOrder()).toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }
}
