package io.firn.flink.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.flink.testing.TestClusters;
import io.firn.series.Labels;
import io.firn.series.SeriesBatch;
import io.firn.series.SeriesStore;
import io.firn.series.SeriesStoreOptions;
import io.firn.series.SeriesType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** SQL on series. */
@Timeout(180)
class SeriesSqlIT {
    private static final String TABLE = """
            CREATE TABLE metrics (labels MAP<STRING, STRING>, host STRING, rack STRING, ts TIMESTAMP_LTZ(%s),
            `value` DOUBLE)
            WITH ('connector'='firn-series', 'path'='${root}', 'scan.split.samples'='3')""";

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(4);

    @TempDir
    Path root;

    private SqlSession sql(String unit, int precision) {
        SeriesStoreOptions options = SeriesStoreOptions.fromProperties(Map.of("timestamp.unit", unit));
        try (SeriesStore store = SeriesStore.open(root.resolve("metrics"), options)) {
            SeriesBatch batch = new SeriesBatch();
            for (int i = 0; i < 4; i++) {
                batch.add(Labels.of("__name__", "load", "host", "a"), SeriesType.GAUGE, 1_000L + i, i);
                batch.add(
                        Labels.of("__name__", "load", "host", "b", "rack", "r1"), SeriesType.GAUGE, 1_000L + i, 10 + i);
                batch.add(Labels.of("__name__", "load", "host", "a.*"), SeriesType.GAUGE, 1_000L + i, 20 + i);
            }
            store.write(batch);
            store.cut();
        }
        SqlSession sql = SqlSession.batch(root);
        sql.environment().getConfig().set("table.local-time-zone", "UTC");
        sql.run(TABLE.formatted(precision));
        return sql;
    }

    @Test
    void labelsAreColumnsOrAMap() {
        SqlSession sql = sql("ms", 3);
        assertThat(sql.rows("SELECT host, `value` FROM metrics WHERE ts >= TO_TIMESTAMP_LTZ(1003, 3)"))
                .containsExactly("+I[a, 3.0]", "+I[a.*, 23.0]", "+I[b, 13.0]");
        assertThat(sql.rows("SELECT labels['rack'], rack, COUNT(*) FROM metrics GROUP BY labels['rack'], rack"))
                .containsExactly("+I[null, null, 8]", "+I[r1, r1, 4]");
        assertThat(sql.rows("SELECT labels FROM metrics WHERE `value` = 2"))
                .containsExactly("+I[{__name__=load, host=a}]");
        assertThat(sql.rows("SELECT SUM(`value`) FROM metrics")).containsExactly("+I[138.0]");
    }

    @Test
    void labelsAndTimesArePushedDownExactly() {
        SqlSession sql = sql("ms", 3);
        assertPushed(sql, "host = 'a.*'", "+I[20.0]", "+I[21.0]", "+I[22.0]", "+I[23.0]");
        assertPushed(sql, "'r1' = rack AND `value` > 12", "+I[13.0]");
        assertPushed(sql, "host IN ('a', 'a.*') AND ts = TO_TIMESTAMP_LTZ(1001, 3)", "+I[1.0]", "+I[21.0]");
        assertPushed(sql, "host = 'b' AND ts < TIMESTAMP '1970-01-01 00:00:01.001'", "+I[10.0]");
        assertPushed(sql, "rack IS NOT NULL AND TO_TIMESTAMP_LTZ(1002, 3) < ts", "+I[13.0]");
        assertPushed(sql, "rack IS NULL AND host = 'a' AND ts <= TO_TIMESTAMP_LTZ(1000, 3)", "+I[0.0]");
        assertThat(sql.rows("SELECT `value` FROM metrics WHERE labels['host'] = 'b' AND `value` < 11"))
                .containsExactly("+I[10.0]");
        assertThat(sql.rows("SELECT `value` FROM metrics WHERE host <> 'a' AND `value` < 11"))
                .containsExactly("+I[10.0]");
        assertThat(sql.rows("SELECT `value` FROM metrics WHERE rack <> 'r2' AND `value` < 11"))
                .as("an absent label is no other one in SQL")
                .containsExactly("+I[10.0]");
        assertThat(sql.rows("SELECT `value` FROM metrics WHERE host = ''")).isEmpty();
    }

    /** Everything but conditions on values is done by the scan. */
    private static void assertPushed(SqlSession sql, String condition, String... rows) {
        String query = "SELECT `value` FROM metrics WHERE " + condition;
        assertThat(sql.explain(query)).contains("filter=[");
        if (!condition.contains("`value`")) {
            assertThat(sql.explain(query)).doesNotContain("where=[");
        }
        assertThat(sql.rows(query)).as(condition).containsExactly(rows);
    }

    @Test
    void unitsAndDigitsOfTimes() {
        assertThat(sql("s", 3).rows("SELECT ts FROM metrics WHERE host = 'b' AND ts > TO_TIMESTAMP_LTZ(1002500, 3)"))
                .containsExactly("+I[1970-01-01T00:16:43Z]");
    }

    @Test
    void digitsThatAColumnDoesNotHaveAreCutOffBeforeComparing() {
        SqlSession sql = sql("us", 3);
        assertThat(sql.rows("SELECT host, ts FROM metrics WHERE ts = TO_TIMESTAMP_LTZ(1, 3) AND host = 'b'"))
                .containsExactlyElementsOf(List.of(
                        "+I[b, 1970-01-01T00:00:00.001Z]",
                        "+I[b, 1970-01-01T00:00:00.001Z]",
                        "+I[b, 1970-01-01T00:00:00.001Z]",
                        "+I[b, 1970-01-01T00:00:00.001Z]"));
        sql.run("""
                CREATE TABLE exact (host STRING, ts TIMESTAMP_LTZ(6))
                WITH ('connector'='firn-series', 'path'='${root}', 'table'='metrics')""");
        assertThat(sql.rows("SELECT ts FROM exact WHERE host = 'b' AND ts > TO_TIMESTAMP_LTZ(1, 3)"))
                .containsExactly(
                        "+I[1970-01-01T00:00:00.001001Z]",
                        "+I[1970-01-01T00:00:00.001002Z]",
                        "+I[1970-01-01T00:00:00.001003Z]");
        sql.run("""
                CREATE TABLE numbers (host STRING, ts BIGINT)
                WITH ('connector'='firn-series', 'path'='${root}', 'table'='metrics')""");
        assertThat(sql.rows("SELECT ts FROM numbers WHERE host = 'b' AND ts > 1002"))
                .containsExactly("+I[1003]");
    }

    @Test
    void aTimeAtAnEndOfNanosecondsIsNoEndOfAStoreInMilliseconds() {
        SqlSession sql = sql("ms", 9);
        try (SeriesStore store = SeriesStore.open(root.resolve("metrics"))) {
            Labels far = Labels.of("host", "far");
            store.write(new SeriesBatch()
                    .add(far, SeriesType.GAUGE, -11_676_096_000_000L, 1600)
                    .add(far, SeriesType.GAUGE, 0, 1970)
                    .add(far, SeriesType.GAUGE, 10_413_792_000_000L, 2300));
        }
        String query = "SELECT `value` FROM metrics WHERE host = 'far' AND ts ";

        assertThat(sql.rows(query + "< TIMESTAMP '2262-04-11 23:47:16.854775807'"))
                .containsExactly("+I[1600.0]", "+I[1970.0]");
        assertThat(sql.rows(query + "<= TIMESTAMP '2262-04-11 23:47:16.854775806'"))
                .containsExactly("+I[1600.0]", "+I[1970.0]");
        assertThat(sql.rows(query + "= TIMESTAMP '2262-04-11 23:47:16.854775806'"))
                .isEmpty();
        assertThat(sql.rows(query + ">= TIMESTAMP '1677-09-21 00:12:43.145224192'"))
                .containsExactly("+I[1970.0]", "+I[2300.0]");
    }

    @Test
    void saysWhatIsWrong() {
        SqlSession sql = sql("ms", 3);
        sql.run("CREATE TABLE bad (ts INT) WITH ('connector'='firn-series', 'path'='${root}', 'table'='metrics')");
        assertThatThrownBy(() -> sql.rows("SELECT * FROM bad")).hasStackTraceContaining("Column 'ts'");
        sql.run("CREATE TABLE missing (host STRING) WITH ('connector'='firn-series', 'path'='${root}')");
        assertThatThrownBy(() -> sql.rows("SELECT * FROM missing")).hasStackTraceContaining("No series store at");
    }
}
