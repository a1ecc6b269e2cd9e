package io.firn.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents say what is there. */
class DocumentationTest {

    private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#]+)(?:#[^)]*)?\\)");
    private static final int README_LINES = 80;

    @Test
    void linksLeadToFiles() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path page : pages()) {
            for (MatchResult link :
                    LINK.matcher(Files.readString(page)).results().toList()) {
                if (!Files.exists(page.resolveSibling(link.group(1)))) {
                    dead.add(page + " -> " + link.group(1));
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    @Test
    void architecturePictureMatchesThePackageTree() throws IOException {
        String page = Files.readString(Repository.root().resolve("docs/ARCHITECTURE.md"));
        String picture =
                page.substring(page.indexOf("## Packages of core-storage")).split("```\n", 3)[1];
        List<List<String>> drawn = new ArrayList<>();
        for (String line : picture.lines().toList()) {
            List<String> cells = Arrays.asList(line.split(" {2,}", -1));
            drawn.add(cells.subList(0, cells.size() - 1));
        }
        Collections.reverse(drawn);

        Path packages = Repository.root().resolve("core-storage/src/main/java/io/firn");
        List<List<String>> present = ArchitectureTest.LAYERS.stream()
                .map(row -> row.stream()
                        .filter(name -> Files.isDirectory(packages.resolve(name)))
                        .toList())
                .filter(row -> !row.isEmpty())
                .toList();
        assertThat(drawn).isEqualTo(present);
    }

    @Test
    void decisionsAreNumberedInOrder() throws IOException {
        String page = Files.readString(Repository.root().resolve("docs/decisions.md"));
        List<Integer> numbers = Pattern.compile("(?m)^## D(\\d+) ")
                .matcher(page)
                .results()
                .map(heading -> Integer.valueOf(heading.group(1)))
                .toList();
        assertThat(numbers)
                .isEqualTo(IntStream.rangeClosed(1, numbers.size()).boxed().toList());
    }

    @Test
    void formatIndexListsEveryPage() throws IOException {
        Path directory = Repository.root().resolve("docs/format");
        String index = Files.readString(directory.resolve("README.md"));
        try (Stream<Path> entries = Files.list(directory)) {
            assertThat(entries.map(entry -> entry.getFileName().toString()))
                    .filteredOn(name -> name.endsWith(".md") && !name.equals("README.md"))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(index).contains("(" + name + ")"));
        }
    }

    @Test
    void readmeFitsOneScreenAndNamesTheTestCommand() throws IOException {
        String readme = Files.readString(Repository.root().resolve("README.md"));
        assertThat(readme.lines().count()).isLessThanOrEqualTo(README_LINES);
        assertThat(readme).contains("\nmvn -q -Pquickstart", "\nmvn -B verify");
        assertThat(Files.readString(Repository.root().resolve(".ci/run"))).contains("\nmvn -B verify\n");
    }

    private static List<Path> pages() throws IOException {
        return Repository.files().stream()
                .filter(file -> file.toString().endsWith(".md"))
                .toList();
    }
}
