package io.firn.examples.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.architecture.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the SQL script, statement after statement, as Flink's SQL client does; the environment starts a MiniCluster. */
class SqlScriptIT {
    private static final Pattern COMMENT = Pattern.compile("(?m)--.*$");
    private static final Pattern SETTING = Pattern.compile("SET '(.+)' = '(.+)'");
    private static final Pattern QUERY = Pattern.compile("(?s)(SELECT|SHOW|EXPLAIN) .*");

    @TempDir
    Path archive;

    @Test
    void archivesTheFlightsAndAnswersItsQuestions() throws Exception {
        Path examples = Repository.root().resolve("examples");
        List<List<String>> answers = run(examples.resolve("flink-sql").resolve("flights.sql"), examples);

        assertThat(answers).hasSize(5);
        assertThat(answers.get(0))
                .hasSize(7)
                .startsWith("2001-01-01, 14828, 2001-01-01T00:01:00Z, 2001-01-01T23:59:00Z")
                .endsWith("2001-01-07, 16339, 2001-01-07T00:00:00Z, 2001-01-07T23:59:00Z");
        assertThat(answers.get(1)).first().asString().startsWith("ORD, 167, ");
        assertThat(answers.get(2)).singleElement().asString().contains("aggFunctions=[Count1AggFunction()]");
        assertThat(answers.get(3)).hasSize(7).startsWith("dt=2001-01-01");
        assertThat(answers.get(4))
                .containsExactly(
                        "{\"dt\":\"2001-01-07\",\"delay\":85,\"distance\":651,\"origin\":\"PHX\",\"destination\":\"SFO\"}",
                        "{\"dt\":\"2001-01-07\",\"delay\":-5,\"distance\":564,\"origin\":\"RNO\",\"destination\":\"SEA\"}");
        assertThat(flights(answers.get(0))).isEqualTo(113_493);
        try (Stream<Path> files = Files.walk(archive)) {
            assertThat(files.filter(file -> file.toString().endsWith(".q.zst"))).hasSize(7);
        }
    }

    private static int flights(List<String> days) {
        return days.stream()
                .mapToInt(day -> Integer.parseInt(day.split(", ", -1)[1]))
                .sum();
    }

    /** What the queries answer. */
    private List<List<String>> run(Path script, Path examples) throws IOException {
        TableEnvironment sql = TableEnvironment.create(EnvironmentSettings.inBatchMode());
        List<List<String>> answers = new ArrayList<>();
        for (String statement : statements(script, examples)) {
            Matcher setting = SETTING.matcher(statement);
            if (setting.matches()) {
                sql.getConfig().set(setting.group(1), setting.group(2));
            } else if (QUERY.matcher(statement).matches()) {
                answers.add(answer(sql, statement));
            } else {
                await(sql, statement);
            }
        }
        return answers;
    }

    private List<String> statements(Path script, Path examples) throws IOException {
        String text = COMMENT.matcher(Files.readString(script))
                .replaceAll("")
                .replace("/data/examples", examples.resolve("data").toString())
                .replace("/data/firn", archive.toString());
        return Arrays.stream(text.split(";", -1))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    private static void await(TableEnvironment sql, String statement) {
        try {
            sql.executeSql(statement).await();
        } catch (Exception failed) {
            throw new IllegalStateException(statement, failed);
        }
    }

    private static List<String> answer(TableEnvironment sql, String query) {
        List<String> rows = new ArrayList<>();
        try (CloseableIterator<Row> results = sql.executeSql(query).collect()) {
            results.forEachRemaining(row -> {
                String text = row.toString();
                rows.add(text.substring("+I[".length(), text.length() - 1));
            });
        } catch (Exception failed) {
            throw new IllegalStateException(query, failed);
        }
        return rows;
    }
}
