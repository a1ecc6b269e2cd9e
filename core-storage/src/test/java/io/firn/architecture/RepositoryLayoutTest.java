package io.firn.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What lies in the repository, and what must never get there. */
class RepositoryLayoutTest {

    private static final List<String> TOP_LEVEL = List.of(
            ".ci",
            ".gitignore",
            "CHANGELOG.md",
            "CONTRIBUTING.md",
            "LICENSE",
            "README.md",
            "bin",
            "core-storage",
            "docs",
            "examples",
            "flink-connector",
            "kafka-connect-sink",
            "kafka-connect-source",
            "pom.xml");

    private static final Set<String> BINARY = Set.of("gz", "q", "zst", "png", "jpg", "jar", "log", "bin");

    /** Split strings, or this file would find itself. */
    private static final Pattern MACHINE_PATH = Pattern.compile("/ho" + "me/\\w|/Us" + "ers/\\w|/ro" + "ot/|/wo"
            + "rk/(main|wt|shared)|/usr/lib/" + "jvm|[A-Z]:\\\\" + "Users");

    private static final Pattern REGISTRY_HOST = Pattern.compile("repo1?\\.ma" + "ven\\.(apache\\.)?org|ma"
            + "ven-central\\.|arti" + "factory|oss\\.sona" + "type|nexus[./]|registry\\.(npmjs|hub)|pypi\\.org");

    @Test
    void topLevelIsTheOneOfTheDesign() throws IOException {
        assertThat(Repository.topLevel()).isEqualTo(TOP_LEVEL);
    }

    @Test
    void modulesAreTheOnesOfTheDesign() throws IOException {
        String pom = Files.readString(Repository.root().resolve("pom.xml"));
        List<String> modules = Pattern.compile("<module>([^<]+)</module>")
                .matcher(pom)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(modules).containsExactlyElementsOf(Repository.MODULES);
    }

    @Test
    void hasNoMavenWrapper() throws IOException {
        assertThat(Repository.files()).noneMatch(file -> {
            String name = file.getFileName().toString();
            return name.startsWith("mvnw") || name.startsWith("maven-wrapper");
        });
    }

    @Test
    void namesNoMachineAndNoRegistry() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : Repository.files()) {
            String name = file.getFileName().toString();
            if (!BINARY.contains(name.substring(name.lastIndexOf('.') + 1))) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                collect(MACHINE_PATH, file, text, found);
                collect(REGISTRY_HOST, file, text, found);
            }
        }
        assertThat(found).isEmpty();
    }

    private static void collect(Pattern pattern, Path file, String text, List<String> found) {
        pattern.matcher(text).results().forEach(match -> found.add(file + ": " + match.group()));
    }
}
