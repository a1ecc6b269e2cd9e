package io.firn.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testing.JavaSnippets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the migration guide shows compiles, and what it must say stands in it. */
class MigrationGuideTest {
    private static final int SNIPPETS = 5;

    @TempDir
    Path classes;

    @Test
    void everySnippetCompiles() throws IOException {
        List<String> snippets = JavaSnippets.blocks(guide(), "java");
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
        return new JavaSnippets(classes).errors(snippets, "");
    }

    private static String guide() throws IOException {
        return Files.readString(Repository.root().resolve("docs/MIGRATION_GUIDE.md"));
    }
}
