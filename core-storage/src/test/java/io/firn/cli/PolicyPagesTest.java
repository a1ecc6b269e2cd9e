package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.architecture.Repository;
import io.firn.table.CompressionPolicy;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.testing.JavaSnippets;
import java.io.IOException;
import java.io.StringReader;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages about policies and risks do what they say: their options, their Java and their commands are run. */
class PolicyPagesTest {
    private static final String LINES = "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n";
    private static final int RECIPES = 5;

    @TempDir
    Path directory;

    @Test
    void eachRecipeIsTheSamePolicyAsOptionsInJavaAndOnTheCommandLine() throws Exception {
        String page = Files.readString(page("policies.md"));
        List<CompressionPolicy> inJava = inJava(JavaSnippets.blocks(page, "java"));
        List<CompressionPolicy> asOptions = new ArrayList<>();
        for (String options : JavaSnippets.blocks(page, "properties")) {
            asOptions.add(TableConfig.fromProperties(properties(options)).compressionPolicy());
        }
        List<CompressionPolicy> onTheCommandLine = new ArrayList<>();
        for (String line : commands(page)) {
            if (line.startsWith("firn create")) {
                assertThat(run(line).code()).isZero();
                try (Table table = Table.open(directory.resolve(words(line).get(2)))) {
                    onTheCommandLine.add(table.config().compressionPolicy());
                }
            }
        }
        assertThat(asOptions).hasSize(RECIPES).doesNotHaveDuplicates();
        assertThat(inJava).isEqualTo(asOptions);
        assertThat(onTheCommandLine).isEqualTo(asOptions);
    }

    @Test
    void theCommandsOfTheRecipesRun() throws IOException {
        String page = Files.readString(page("policies.md"));
        JavaSnippets snippets = new JavaSnippets(directory);
        assertThat(snippets.errors(JavaSnippets.blocks(page, "java"), "return null;"))
                .isEmpty();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader own = snippets.loader()) {
            thread.setContextClassLoader(own);
            for (String line : commands(page)) {
                CommandRun run = run(line);
                assertThat(run.code()).as("%s: %s", line, run.messages()).isZero();
                if (line.startsWith("firn create")) {
                    String table = directory.resolve(words(line).get(2)).toString();
                    assertThat(CommandRun.withInput(LINES, "append", table).code())
                            .isZero();
                }
            }
        } finally {
            thread.setContextClassLoader(before);
        }
        assertThat(files(directory.resolve("market"), ".q.zst"))
                .as("the last command says immediate")
                .hasSize(1);
        assertThat(files(directory.resolve("analytics"), ".q.zst")).isEmpty();
    }

    @Test
    void rollingBackIsStoppingCompressionAndDecompressingEverything() throws IOException {
        String page = Files.readString(page("risks.md"));
        List<String> blocks = JavaSnippets.blocks(page, "");
        assertThat(blocks).hasSize(2);
        Files.createDirectory(directory.resolve("archive"));
        String table = directory.resolve("archive/flights").toString();
        assertThat(CommandRun.of("create", table, "--partition-by", "n:string=value.n")
                        .code())
                .isZero();
        for (int round = 0; round < 2; round++) {
            assertThat(CommandRun.withInput(LINES, "append", table).code()).isZero();
        }
        assertThat(CommandRun.of("compress", table).code()).isZero();
        assertThat(files(Path.of(table), ".q.zst")).hasSize(3);
        String records = CommandRun.of("cat", table).out();
        assertThat(records.lines()).hasSize(6);

        CommandRun last = runAll(blocks.get(0));
        assertThat(last.out()).contains("is stopped");
        assertThat(files(Path.of(table), ".q.zst")).isEmpty();
        assertThat(files(Path.of(table), ".q")).hasSize(3);
        assertThat(CommandRun.of("cat", table).out()).isEqualTo(records);
        assertThat(CommandRun.of("compress", table).messages()).contains("compression is stopped");
        assertThat(CommandRun.withInput(LINES, "append", table).code()).isZero();
        assertThat(CommandRun.of("cat", table).out().lines()).hasSize(9);

        runAll(blocks.get(1));
        assertThat(CommandRun.of("compress", table).out()).contains("compressed");
        assertThat(files(Path.of(table), ".q.zst")).isNotEmpty();
        assertThat(CommandRun.of("verify", table).out()).startsWith("sound: 9 records");
    }

    private CommandRun runAll(String block) {
        CommandRun last = new CommandRun(0, "", "");
        for (String line : block.lines().toList()) {
            last = run(line);
            assertThat(last.code()).as("%s: %s", line, last.messages()).isZero();
        }
        return last;
    }

    /** Runs a line of a page; the word behind the verb is a directory. */
    private CommandRun run(String line) {
        List<String> words = new ArrayList<>(words(line));
        assertThat(words.remove(0)).isEqualTo("firn");
        words.set(1, directory.resolve(words.get(1)).toString());
        return CommandRun.of(words.toArray(String[]::new));
    }

    private static List<String> words(String line) {
        return List.of(line.split(" ", -1));
    }

    private List<CompressionPolicy> inJava(List<String> snippets) throws Exception {
        List<String> statements = snippets.stream()
                .filter(text -> text.contains("TableConfig config"))
                .toList();
        JavaSnippets compiled = new JavaSnippets(directory);
        assertThat(compiled.errors(statements, "return config;")).isEmpty();
        List<CompressionPolicy> policies = new ArrayList<>();
        try (URLClassLoader loader = compiled.loader()) {
            for (int i = 0; i < statements.size(); i++) {
                Object made = loader.loadClass("Snippet" + i).getMethod("run").invoke(null);
                policies.add(((TableConfig) made).compressionPolicy());
            }
        }
        return policies;
    }

    private static List<String> commands(String page) {
        return JavaSnippets.blocks(page, "").stream().flatMap(String::lines).toList();
    }

    private static Map<String, String> properties(String text) throws IOException {
        Properties read = new Properties();
        read.load(new StringReader(text));
        Map<String, String> options = new HashMap<>();
        read.stringPropertyNames().forEach(name -> options.put(name, read.getProperty(name)));
        return options;
    }

    private static List<Path> files(Path table, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(table)) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }

    private static Path page(String name) {
        return Repository.root().resolve("docs").resolve(name);
    }
}
