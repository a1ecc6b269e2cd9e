package io.firn.table;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllowedRootsTest {
    @TempDir
    Path directory;

    private Path inside;
    private Path outside;

    @BeforeEach
    void makeDirectories() throws IOException {
        inside = Files.createDirectory(directory.resolve("in"));
        outside = Files.createDirectory(directory.resolve("out"));
    }

    @Test
    void withoutTheVariableEverythingIsAllowed() {
        AllowedRoots.parse(null).check("p", outside);
        AllowedRoots.parse(" ").check("p", outside.resolve("../x"));
    }

    @Test
    void aRootAndWhatIsBelowItIsAllowedAlsoWhenItDoesNotExistYet() {
        AllowedRoots roots = AllowedRoots.parse(directory.resolve("later") + File.pathSeparator + inside);

        assertThatCode(() -> {
                    roots.check("p", inside);
                    roots.check("p", inside.resolve("a/b"));
                    roots.check("p", directory.resolve("later"));
                    roots.check("p", directory.resolve("later/a"));
                })
                .doesNotThrowAnyException();
    }

    @Test
    void whatIsBesideARootIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> AllowedRoots.parse(inside.toString()).check("firn.path", outside))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'" + outside + "' for 'firn.path'")
                .hasMessageContaining("FIRN_ALLOWED_ROOTS")
                .hasMessageContaining(inside.toString());
        refused(directory.resolve("inner"));
        refused(directory);
    }

    @Test
    void twoDotsAreRefusedEvenWhenTheyLeadBack() {
        refused(inside.resolve("../out"));
        refused(inside.resolve("a/../b"));
    }

    @Test
    void linksThatLeadOutAreRefusedAndLinksWithinAreNot() throws IOException {
        Path out = Files.createSymbolicLink(inside.resolve("link"), outside);
        Files.createDirectory(inside.resolve("real"));
        Path within = Files.createSymbolicLink(inside.resolve("within"), inside.resolve("real"));
        Path nowhere = Files.createSymbolicLink(inside.resolve("nowhere"), directory.resolve("none"));

        refused(out);
        refused(out.resolve("a/b"));
        assertThatThrownBy(() -> AllowedRoots.parse(inside.toString()).check("p", nowhere))
                .hasMessageContaining(nowhere.toString());
        AllowedRoots.parse(inside.toString()).check("p", within.resolve("a"));
    }

    @Test
    void aRootMayItselfBeALink() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), inside);

        AllowedRoots.parse(link.toString()).check("p", inside.resolve("a"));
        AllowedRoots.parse(link.toString()).check("p", link.resolve("a"));
        assertThatThrownBy(() -> AllowedRoots.parse(link.toString()).check("p", outside))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void aSlipInTheVariableIsAnErrorAndOpensNothing() {
        for (String text : new String[] {"relative", inside + File.pathSeparator, File.pathSeparator}) {
            assertThatThrownBy(() -> AllowedRoots.parse(text))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("FIRN_ALLOWED_ROOTS='" + text + "'")
                    .hasMessageContaining("absolute");
        }
    }

    private void refused(Path path) {
        assertThatThrownBy(() -> AllowedRoots.parse(inside.toString()).check("p", path))
                .isInstanceOf(ConfigException.class);
    }
}
