package io.firn.flink.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.flink.testing.TestClusters;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.partition.PartitionScheme;
import io.firn.record.StreamRecord;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.config.AggregatePhaseStrategy;
import org.apache.flink.table.api.config.OptimizerConfigOptions;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class PushDownIT {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(6);

    private static final String CREATE = """
            CREATE TABLE flights (flight INT, origin STRING, dt DATE, n INT,
              ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' %s)
            PARTITIONED BY (dt, origin, n)
            WITH ('connector'='firn', 'path'='${root}', 'format'='json', 'sink.id'='s', 'scan.mode'='%s')""";

    @TempDir
    Path root;

    private SqlSession settledFlights() {
        SqlSession sql = SqlSession.batch(root);
        // So that the plan of a few rows is that of many.
        sql.environment()
                .getConfig()
                .set(OptimizerConfigOptions.TABLE_OPTIMIZER_AGG_PHASE_STRATEGY, AggregatePhaseStrategy.TWO_PHASE);
        sql.run(CREATE.formatted("", "bounded"));
        sql.run("""
                INSERT INTO flights VALUES
                (1, 'ATL', DATE '2001-01-01', 1, TO_TIMESTAMP_LTZ(1000, 3)),
                (2, 'ATL', DATE '2001-01-02', 2, TO_TIMESTAMP_LTZ(2000, 3)),
                (3, 'LAX', DATE '2001-01-02', 3, TO_TIMESTAMP_LTZ(3000, 3)),
                (4, 'LAX', DATE '2001-01-02', 3, TO_TIMESTAMP_LTZ(4000, 3)),
                (5, CAST(NULL AS STRING), DATE '2001-01-03', 4, TO_TIMESTAMP_LTZ(5000, 3))""");
        settle("flights");
        return sql;
    }

    private void settle(String name) {
        try (Table table = Table.open(root.resolve(name));
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            assertThat(manager.run(LifecycleRequest.settleAll()).errors()).isEmpty();
            assertThat(table.contents().hot().records()).isZero();
        }
    }

    /** Makes the files of partitions unreadable. */
    private void damage(String directory) {
        try (Stream<Path> files = Files.walk(root.resolve("flights").resolve(directory))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.writeString(file, "damaged");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void opensNoFileOfPartitionsThatTheQueryLeavesOut() {
        SqlSession sql = settledFlights();
        damage("dt=2001-01-01");
        damage("dt=2001-01-03");

        assertThat(sql.rows("SELECT flight FROM flights WHERE dt = DATE '2001-01-02' AND flight <> 4"))
                .containsExactly("+I[2]", "+I[3]");
        assertThat(sql.rows("SELECT flight FROM flights WHERE origin LIKE 'L%' OR n = 2"))
                .containsExactly("+I[2]", "+I[3]", "+I[4]");
        assertThat(sql.explain("SELECT flight FROM flights WHERE origin LIKE 'L%' OR n = 2"))
                // the order of the fields is Flink's
                .containsPattern(
                        "partitions=\\[\\{dt=2001-01-02, [^}]*n=2[^}]*\\}, \\{dt=2001-01-02, [^}]*n=3[^}]*\\}\\]")
                .doesNotContain("Calc");
        assertThat(sql.rows("SELECT flight FROM flights WHERE n > 1 AND origin > 'L'"))
                .containsExactly("+I[3]", "+I[4]");
        assertThatThrownBy(() -> sql.rows("SELECT flight FROM flights")).hasStackTraceContaining("dt=2001-01-0");
    }

    @Test
    void filtersAFollowedTableByItsColumnsAndLeavesOrderOfTextsToFlink() {
        settledFlights();
        SqlSession sql = SqlSession.streaming(root);
        sql.run(CREATE.formatted("", "unbounded"));

        String plan = sql.explain("""
                SELECT flight FROM flights WHERE n IN (2, 3) AND dt >= DATE '2001-01-02' AND origin = 'LAX'
                AND ts > TO_TIMESTAMP_LTZ(3000, 3) AND flight > 0""");
        assertThat(plan)
                .containsPattern(
                        "filter=.*OR\\(=\\(n, 2\\), =\\(n, 3\\)\\).*>=\\(dt, 2001-01-02\\).*=\\(origin, .*>\\(ts, ")
                .contains("where=[(flight > 0)]")
                .doesNotContain("partitions=");
        assertThat(sql.explain("SELECT flight FROM flights WHERE origin > 'A'")).contains("where=[(origin > 'A')]");
        assertThat(sql.explain("SELECT flight FROM flights WHERE origin IS NULL AND 2 < n"))
                .doesNotContain("where=");
    }

    @Test
    void readsNoFileOutsideOfATimeRange() {
        SqlSession sql = settledFlights();
        damage("dt=2001-01-01");
        damage("dt=2001-01-03");

        sql.environment().getConfig().set("table.local-time-zone", "Asia/Tokyo");
        for (String query : List.of(
                "ts > TO_TIMESTAMP_LTZ(1000, 3) AND ts <= TO_TIMESTAMP_LTZ(3000, 3)",
                "ts > TIMESTAMP '1970-01-01 09:00:01' AND TIMESTAMP '1970-01-01 09:00:03' >= ts",
                "ts BETWEEN TIMESTAMP '1970-01-01 09:00:01.0001' AND TIMESTAMP '1970-01-01 09:00:03.000999'")) {
            String select = "SELECT flight FROM flights WHERE " + query;
            assertThat(sql.explain(select)).as(query).contains("filter=[and(").doesNotContain("Calc(");
            assertThat(sql.rows(select)).as(query).containsExactly("+I[2]", "+I[3]");
        }
    }

    @Test
    void takesTimestampsWithoutAZoneAsFlinkDoesWhereClocksAreChanged() {
        SqlSession sql = SqlSession.batch(root);
        sql.environment().getConfig().set("table.local-time-zone", "America/New_York");
        sql.run("""
                CREATE TABLE t (id INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp')
                WITH ('connector'='firn', 'path'='${root}', 'format'='json')""");
        sql.run("""
                INSERT INTO t SELECT id, TO_TIMESTAMP_LTZ(id * CAST(1000 AS BIGINT), 3) FROM
                (VALUES (1004245200), (1004247000), (1004248800), (1004250600), (986106600), (986110200), (986113800),
                (-1)) AS v(id)""");
        for (String time : List.of(
                "2001-10-28 01:30:00",
                "2001-10-28 02:00:00",
                "2001-04-01 02:30:00",
                "2001-04-01 03:30:00",
                "1969-12-31 18:59:59")) {
            List<String> conditions = Stream.of("<", "<=", "=", ">=", ">")
                    .map(operator -> "ts " + operator + " TIMESTAMP '" + time + "'")
                    .toList();
            List<String> byFlink = sql.rows("SELECT id, " + String.join(", ", conditions) + " FROM t");
            for (int i = 0; i < conditions.size(); i++) {
                String query = "SELECT id FROM t WHERE " + conditions.get(i);
                assertThat(sql.rows(query)).as(query).isEqualTo(idsWhereColumnIsTrue(byFlink, i + 1));
                if (!query.contains(" = ")) { // the planner compares local times then, which are not unique
                    assertThat(sql.explain(query)).doesNotContain("Calc(");
                }
            }
        }
    }

    private static List<String> idsWhereColumnIsTrue(List<String> rows, int column) {
        return rows.stream()
                .map(row -> row.replace("]", "").split(", ", -1))
                .filter(values -> "true".equals(values[column]))
                .map(values -> values[0] + "]")
                .toList();
    }

    @Test
    void decodesNoMoreRecordsThanALimitNeeds() {
        Table.create(root.resolve("t"), PartitionScheme.unpartitioned(), TableConfig.defaults())
                .close();
        try (Table table = Table.open(root.resolve("t"));
                TableWriter writer = table.writer(WriterOptions.named("main").build())) {
            for (String value : List.of("{\"a\":1}", "{\"a\":2}", "no json")) {
                writer.append(StreamRecord.atMillis(0)
                        .value(value.getBytes(StandardCharsets.UTF_8))
                        .build());
            }
            writer.commit();
        }
        SqlSession sql = SqlSession.batch(root);
        sql.run("CREATE TABLE t (a INT) WITH ('connector'='firn', 'path'='${root}', 'format'='json')");

        assertThat(sql.inOrder("SELECT a FROM t LIMIT 2")).containsExactly("+I[1]", "+I[2]");
        assertThat(sql.explain("SELECT a FROM t LIMIT 2")).contains("limit=[2]");
        assertThatThrownBy(() -> sql.rows("SELECT a FROM t LIMIT 3")).hasStackTraceContaining("no json");
    }

    @Test
    void countsWithoutReadingARecord() {
        SqlSession sql = settledFlights();
        damage("dt=2001-01-01");
        damage("dt=2001-01-02");
        damage("dt=2001-01-03");

        assertThat(sql.rows("SELECT COUNT(*) FROM flights")).containsExactly("+I[5]");
        assertThat(sql.rows("SELECT COUNT(*), MIN(ts), MAX(ts), COUNT(ts) FROM flights WHERE dt >= DATE '2001-01-02'"))
                .containsExactly("+I[4, 1970-01-01T00:00:02Z, 1970-01-01T00:00:05Z, 4]");
        assertThat(sql.rows("SELECT origin, COUNT(*), MAX(ts) FROM flights GROUP BY origin"))
                .containsExactly(
                        "+I[ATL, 2, 1970-01-01T00:00:02Z]",
                        "+I[LAX, 2, 1970-01-01T00:00:04Z]",
                        "+I[null, 1, 1970-01-01T00:00:05Z]");
        assertThat(sql.rows("SELECT n, dt, COUNT(*), MIN(ts) FROM flights WHERE n > 2 GROUP BY dt, n"))
                .containsExactly(
                        "+I[3, 2001-01-02, 2, 1970-01-01T00:00:03Z]", "+I[4, 2001-01-03, 1, 1970-01-01T00:00:05Z]");
        assertThat(sql.explain("SELECT COUNT(*) FROM flights"))
                .contains("aggregates=[grouping=[], aggFunctions=[Count1AggFunction()]]");
    }

    /** The planner gives counts of expressions to a source as if they were of its columns. */
    @Test
    void readsForCountsOfWhatMayBeNoColumn() {
        SqlSession sql = settledFlights();
        for (String query : List.of(
                "SELECT origin, COUNT(*) FROM %s GROUP BY origin",
                "SELECT COUNT(ts) FROM %s",
                "SELECT FLOOR(dt TO MONTH), COUNT(*) FROM %s GROUP BY FLOOR(dt TO MONTH)",
                "SELECT FLOOR(dt TO MONTH), COUNT(*), MIN(ts) FROM %s GROUP BY FLOOR(dt TO MONTH)",
                "SELECT SUBSTRING(origin, 1, 1), COUNT(*) FROM %s GROUP BY SUBSTRING(origin, 1, 1)",
                "SELECT n + 1, COUNT(*) FROM %s GROUP BY n + 1",
                "SELECT CASE WHEN n > 2 THEN 'x' ELSE origin END, COUNT(*) FROM %s"
                        + " GROUP BY CASE WHEN n > 2 THEN 'x' ELSE origin END",
                "SELECT origin, COUNT(*) FROM (SELECT LOWER(origin) AS origin FROM %s) GROUP BY origin",
                "SELECT COUNT(CASE WHEN ts >= TO_TIMESTAMP_LTZ(3000, 3) THEN 1 END) FROM %s",
                "SELECT COUNT(NULLIF(ts, TO_TIMESTAMP_LTZ(1000, 3))) FROM %s",
                "SELECT COUNT(*), COUNT(NULLIF(ts, TO_TIMESTAMP_LTZ(1000, 3))), MIN(ts) FROM %s")) {
            String pushed = query.formatted("flights");
            String read = query.formatted("flights /*+ OPTIONS('scan.rows-per-record'='any') */");
            assertThat(sql.explain(pushed)).as(query).doesNotContain("aggregates=[");
            assertThat(sql.rows(pushed)).as(query).isEqualTo(sql.rows(read));
        }
    }

    @Test
    void countsWhatIsGroupedByColumnsUnderOtherNames() {
        SqlSession sql = settledFlights();
        for (String query : List.of(
                "SELECT o, COUNT(*), MIN(t) FROM (SELECT n, origin AS o, ts AS t FROM %s) GROUP BY o",
                "SELECT d, COUNT(t), MAX(t), COUNT(*) FROM (SELECT ts AS t, dt AS d FROM %s) GROUP BY d",
                "SELECT COUNT(*) FROM (SELECT LOWER(origin) FROM %s)",
                "SELECT COUNT(1) + 1 FROM %s WHERE n > 1")) {
            String pushed = query.formatted("flights");
            String read = query.formatted("flights /*+ OPTIONS('scan.rows-per-record'='any') */");
            assertThat(sql.explain(pushed)).as(query).contains("aggregates=[");
            assertThat(sql.rows(pushed)).as(query).isEqualTo(sql.rows(read));
        }
    }

    @Test
    void countsExactlyWhatIsNotSettled() {
        SqlSession sql = settledFlights();
        sql.run("INSERT INTO flights VALUES (6, 'ATL', DATE '2001-01-01', 1, TO_TIMESTAMP_LTZ(500, 3))");

        assertThat(sql.rows("SELECT COUNT(*), MIN(ts) FROM flights WHERE n = 1"))
                .containsExactly("+I[2, 1970-01-01T00:00:00.500Z]");
        assertThat(sql.rows("SELECT COUNT(*) FROM flights")).containsExactly("+I[6]");
        assertThat(sql.environment().explainSql("SELECT flight FROM flights", ExplainDetail.ESTIMATED_COST))
                .contains("rowcount = 6.0");
    }

    @Test
    void readsForAggregatesThatTheLogsDoNotAnswer() {
        SqlSession sql = settledFlights();
        for (String query : List.of(
                "SELECT COUNT(origin) FROM flights",
                "SELECT COUNT(DISTINCT ts) FROM flights",
                "SELECT SUM(flight) FROM flights",
                "SELECT COUNT(*) FROM flights WHERE ts > TO_TIMESTAMP_LTZ(1000, 3)",
                "SELECT COUNT(*) FILTER (WHERE flight > 1) FROM flights",
                "SELECT COUNT(*) FROM flights WHERE flight > 1")) {
            assertThat(sql.explain(query)).as(query).doesNotContain("aggregates=[");
        }
        assertThat(sql.rows("SELECT COUNT(*) FROM flights WHERE ts > TO_TIMESTAMP_LTZ(1000, 3)"))
                .containsExactly("+I[4]");
        assertThat(sql.rows("SELECT COUNT(origin), SUM(flight) FROM flights WHERE flight > 1"))
                .containsExactly("+I[3, 14]");
    }

    @Test
    void readsForTheRangeOfTimestampsBeyondNanoseconds() {
        Table.create(root.resolve("t"), PartitionScheme.unpartitioned(), TableConfig.defaults())
                .close();
        try (Table table = Table.open(root.resolve("t"));
                TableWriter writer = table.writer(WriterOptions.named("main").build())) {
            writer.append(StreamRecord.atMillis(253_402_300_799_000L).build());
            writer.append(StreamRecord.atMillis(0).build());
            writer.commit();
        }
        SqlSession sql = SqlSession.batch(root);
        sql.run("""
                CREATE TABLE t (a INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp')
                WITH ('connector'='firn', 'path'='${root}', 'format'='json')""");

        assertThat(sql.rows("SELECT MAX(ts), COUNT(*) FROM t")).containsExactly("+I[9999-12-31T23:59:59Z, 2]");
        assertThat(sql.rows("SELECT COUNT(*) FROM t WHERE ts > TIMESTAMP '9000-01-01 00:00:00'"))
                .containsExactly("+I[1]");
        assertThat(sql.rows("SELECT COUNT(*) FROM t WHERE ts > TIMESTAMP '2000-01-01 00:00:00'"))
                .containsExactly("+I[1]");
    }
}
