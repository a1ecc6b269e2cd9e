package io.firn.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the migration guide shows compiles, and what it must say stands in it. */
class MigrationGuideTest {
    private static final Pattern SNIPPET = Pattern.compile("(?s)```java\n(.*?)```");
    private static final int SNIPPETS = 5;

    @TempDir
    Path classes;

    @Test
    void everySnippetCompiles() throws IOException {
        List<String> snippets =
                SNIPPET.matcher(guide()).results().map(match -> match.group(1)).toList();
        assertThat(snippets).hasSize(SNIPPETS);
        assertThat(errors(snippets)).isEmpty();
    }

    @Test
    void aSnippetThatDoesNotCompileIsSeen() {
        assertThat(errors(List.of("import io.firn.table.Table;\n\nTable.createNothing();\n")))
                .contains("createNothing");
    }

    @Test
    void theMatrixNamesEveryOldApiAndWhatReplacesIt() throws IOException {
        assertThat(guide())
                .contains("`storage::ArchiveWriter` | deprecated", "`io.firn.ipc.Archive`")
                .contains("`storage::TierManager` | deprecated", "`io.firn.lifecycle.LifecycleManager`")
                .contains("`timeseries::Table` | moved", "`timeseries::TimeSeriesWriter`, `RollingWriter` | moved");
    }

    @Test
    void timelineBreakingChangesAndRollbackOfEveryPhaseAreSaid() throws IOException {
        assertThat(guide()).contains("## Timeline", "0.2.0, one month later", "### Breaking changes", "## Going back");
        assertThat(guide()).contains("\n1. **", "\n2. **", "\n3. **");
        for (int phase = 1; phase <= 5; phase++) {
            assertThat(guide()).contains("\n| " + phase + ", ");
        }
        String changes = Files.readString(Repository.root().resolve("CHANGELOG.md"));
        assertThat(changes.replaceAll("\\s+", " "))
                .contains("### Deprecated", "`LegacyArchiveWriter` and `LegacyTiers`", "removed with 0.2.0")
                .contains("### Breaking");
    }

    private String errors(List<String> snippets) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> units = new ArrayList<>();
        for (int i = 0; i < snippets.size(); i++) {
            units.add(unit("Snippet" + i, snippets.get(i)));
        }
        List<String> options = List.of(
                "-proc:none",
                "-d",
                classes.toString(),
                "-classpath",
                Objects.requireNonNull(System.getProperty("java.class.path")));
        StringWriter output = new StringWriter();
        boolean compiled =
                compiler.getTask(output, null, null, options, null, units).call();
        return compiled ? "" : output.toString();
    }

    private static JavaFileObject unit(String name, String snippet) {
        String imports = snippet.lines().filter(MigrationGuideTest::isImport).collect(Collectors.joining("\n"));
        String body = snippet.lines().filter(line -> !isImport(line)).collect(Collectors.joining("\n"));
        String source = imports + "\nclass " + name + " { static void run() throws Exception {\n" + body + "\n}}\n";
        return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }

    private static boolean isImport(String line) {
        return line.startsWith("import ");
    }

    private static String guide() throws IOException {
        return Files.readString(Repository.root().resolve("docs/MIGRATION_GUIDE.md"));
    }
}
