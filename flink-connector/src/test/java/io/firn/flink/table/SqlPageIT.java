package io.firn.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.architecture.Repository;
import io.firn.flink.testing.TestClusters;
import io.firn.series.Labels;
import io.firn.series.SeriesBatch;
import io.firn.series.SeriesStore;
import io.firn.series.SeriesType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Runs each statement of the page, and compares the rows that it shows. */
@Timeout(180)
class SqlPageIT {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(sql|text)\n(.*?)^```$");
    private static final Pattern COMMENT = Pattern.compile("(?m)--.*$");
    private static final Pattern QUERY = Pattern.compile("(?s)^(SELECT|SHOW|DESCRIBE|EXPLAIN).*");

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(6);

    @TempDir
    Path root;

    @Test
    void everyStatementOfThePageRuns() throws Exception {
        try (SeriesStore store = SeriesStore.open(root.resolve("metrics"))) {
            Labels cpu = Labels.of("__name__", "cpu_seconds_total", "host", "a");
            long timestampMs = Instant.parse("2026-01-31T12:00:00Z").toEpochMilli();
            store.write(new SeriesBatch().add(cpu, SeriesType.COUNTER, timestampMs, 12.5));
        }
        SqlSession batch = SqlSession.batch(root);
        SqlSession streaming = SqlSession.streaming(root);
        List<String> rows = List.of();
        int statements = 0;
        for (Matcher block = BLOCK.matcher(page()); block.find(); ) {
            String text = Objects.requireNonNull(block.group(2));
            if ("text".equals(block.group(1))) {
                assertThat(rows).containsExactlyElementsOf(text.lines().toList());
                continue;
            }
            for (String statement : statements(text)) {
                statements++;
                if (QUERY.matcher(statement).matches()) {
                    rows = firstRows(statement.contains("unbounded") ? streaming : batch, statement);
                    assertThat(rows).as(statement).isNotEmpty();
                } else {
                    batch.run(statement);
                    if (statement.startsWith("CREATE")) {
                        streaming.run(statement);
                    }
                }
            }
        }
        assertThat(statements).isGreaterThan(8);
    }

    private static String page() throws IOException {
        String page = Files.readString(Repository.root().resolve("docs").resolve("flink.md"));
        return page.substring(page.indexOf("\n## SQL\n"));
    }

    private static List<String> statements(String block) {
        return Arrays.stream(COMMENT.matcher(block).replaceAll("").split(";"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .map(statement -> statement.replace("/data/firn", "${root}"))
                .toList();
    }

    /** All rows; of a query that never ends the first. */
    private static List<String> firstRows(SqlSession session, String query) throws Exception {
        List<String> rows = new ArrayList<>();
        String resolved = query.replace("${root}", session.root().toString());
        try (CloseableIterator<Row> results =
                session.environment().executeSql(resolved).collect()) {
            while (results.hasNext() && (rows.isEmpty() || !query.contains("unbounded"))) {
                Row row = results.next();
                rows.add(IntStream.range(0, row.getArity())
                        .mapToObj(field -> String.valueOf(row.getField(field)))
                        .collect(Collectors.joining(", ")));
            }
        }
        return rows;
    }
}
