package io.firn.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code docs/requirements-map.md} is complete, and what it calls done is shown by a test that exists and runs. */
class RequirementsMapTest {

    private static final Pattern ROW = Pattern.compile("\\| ([USD]-[A-Z]+-\\d+) \\| (.*) \\| (.*?) \\|");
    private static final Pattern TEST = Pattern.compile("[A-Z]\\w*(?:#\\w+)?");
    private static final Pattern COMMAND = Pattern.compile("`(?:mvn|bin/firn|\\.ci/run)[^`]*`");
    private static final Pattern DECISION = Pattern.compile("D\\d+");

    private static Map<String, String> titles = Map.of();
    private static Map<String, String> states = Map.of();

    @BeforeAll
    static void readMap() throws IOException {
        Map<String, String> foundTitles = new LinkedHashMap<>();
        Map<String, String> foundStates = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Repository.root().resolve("docs/requirements-map.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                assertThat(foundStates.put(row.group(1), row.group(3)))
                        .as("second row of %s", row.group(1))
                        .isNull();
                foundTitles.put(row.group(1), row.group(2));
            }
        }
        titles = foundTitles;
        states = foundStates;
    }

    @Test
    void listsEveryRequirementWithItsTitle() throws IOException {
        Map<String, String> expected = new LinkedHashMap<>();
        for (String line : resource("ids.tsv")) {
            String[] columns = line.split("\t", 2);
            expected.put(columns[0], columns[1]);
        }
        assertThat(expected).hasSize(354);
        assertThat(titles).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Test
    void namesOnlyTestsThatRunAndDecisionsThatExist() throws IOException {
        TestSources tests = TestSources.read();
        String decisions = Files.readString(Repository.root().resolve("docs/decisions.md"));
        List<String> wrong = new ArrayList<>();
        states.forEach((id, state) -> {
            if (!isProven(state, tests, decisions)) {
                wrong.add(id + ": " + state);
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void opensNothingOfTheFirstReleaseBeyondTheKnownRest() throws IOException {
        TreeSet<String> open = new TreeSet<>(resource("first-release.txt"));
        open.removeIf(id -> !"open".equals(states.get(id)));
        assertThat(open).isEqualTo(new TreeSet<>(resource("still-open.txt")));
    }

    @Test
    void aTestThatIsMissingProvesNothing() throws IOException {
        TestSources tests = TestSources.read();
        assertThat(tests.runs("RequirementsMapTest#aTestThatIsMissingProvesNothing"))
                .isTrue();
        assertThat(tests.runs("RequirementsMapTest")).isTrue();
        assertThat(tests.runs("RequirementsMapTest#readMap")).isFalse();
        assertThat(tests.runs("NoSuchTest")).isFalse();
        assertThat(tests.runs("TestSources")).isFalse();
        assertThat(isProven("done: guesswork", tests, "")).isFalse();
        assertThat(isProven("replaced: D1", tests, "## D2")).isFalse();
    }

    private static boolean isProven(String state, TestSources tests, String decisions) {
        if (state.equals("open")) {
            return true;
        }
        String[] parts = state.split(": ", 2);
        if (parts.length < 2) {
            return false;
        }
        List<String> proofs = List.of(parts[1].split(", (?=[`A-Z])"));
        return switch (parts[0]) {
            case "done" -> proofs.stream().allMatch(proof -> isDone(proof, tests));
            case "replaced" ->
                proofs.stream()
                        .allMatch(
                                proof -> DECISION.matcher(proof).matches() && decisions.contains("## " + proof + " "));
            default -> false;
        };
    }

    private static boolean isDone(String proof, TestSources tests) {
        return COMMAND.matcher(proof).matches() || (TEST.matcher(proof).matches() && tests.runs(proof));
    }

    private static List<String> resource(String name) throws IOException {
        try (InputStream input = RequirementsMapTest.class.getResourceAsStream("/requirements/" + name)) {
            byte[] bytes = Objects.requireNonNull(input, name).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        }
    }
}
