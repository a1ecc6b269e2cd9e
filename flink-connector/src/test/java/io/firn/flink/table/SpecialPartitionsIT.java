package io.firn.flink.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.flink.testing.TestClusters;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Partitions whose values Flink's planner cannot read from their texts. */
@Timeout(180)
class SpecialPartitionsIT {
    private static final long YEAR_0_MS = -62_150_000_000_000L;
    private static final long YEAR_10000_MS = 253_402_300_800_000L;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(6);

    @TempDir
    Path root;

    private void archive(String partitionFields, StreamRecord... records) {
        PartitionMapping mapping = PartitionMapping.parse(partitionFields);
        try (Table table = Table.create(root.resolve("t"), mapping.scheme(), TableConfig.defaults());
                TableWriter writer = table.writer(
                        WriterOptions.named("main").mapping(mapping).build())) {
            for (StreamRecord record : records) {
                writer.append(record);
            }
            writer.finish();
        }
    }

    private static StreamRecord record(long timestampMs, String json) {
        return StreamRecord.atMillis(timestampMs)
                .value(json.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    @Test
    void daysOutsideOfSqlsYearsAreNoNulls() {
        archive(
                "d:date=timestamp",
                record(978_307_200_000L, "{\"id\":1}"),
                record(YEAR_10000_MS - 1, "{\"id\":2}"),
                record(YEAR_10000_MS, "{\"id\":3}"),
                record(1_700_000_000_000_000L, "{\"id\":4}"),
                record(YEAR_0_MS, "{\"id\":5}"));
        SqlSession sql = SqlSession.batch(root);
        sql.run("""
                CREATE TABLE t (id INT, d DATE) PARTITIONED BY (d)
                WITH ('connector'='firn', 'path'='${root}', 'format'='json')""");

        for (String condition : List.of(
                "d >= DATE '2001-01-01'",
                "d < DATE '2001-01-01'",
                "d > DATE '9999-12-30'",
                "d IS NOT NULL",
                "d IS NULL",
                "d <> DATE '2001-01-01'",
                "EXTRACT(DAY FROM d) > 0")) {
            List<String> byFlink = sql.rows("SELECT id, " + condition + " FROM t").stream()
                    .filter(row -> row.endsWith(", true]"))
                    .map(row -> row.replace(", true]", "]"))
                    .toList();
            assertThat(sql.rows("SELECT id FROM t WHERE " + condition))
                    .as(condition)
                    .isEqualTo(byFlink);
        }
        assertThat(sql.rows("SELECT COUNT(*) FROM t WHERE d > DATE '2001-01-01'"))
                .containsExactly("+I[3]");
    }

    @Test
    void daysOfSqlsYearsArePruned() {
        archive("d:date=timestamp", record(978_307_200_000L, "{\"id\":1}"), record(YEAR_10000_MS - 1, "{\"id\":2}"));
        SqlSession sql = SqlSession.batch(root);
        sql.run("""
                CREATE TABLE t (id INT, d DATE) PARTITIONED BY (d)
                WITH ('connector'='firn', 'path'='${root}', 'format'='json')""");

        assertThat(sql.explain("SELECT id FROM t WHERE d > DATE '2001-01-01'")).contains("partitions=[{d=9999-12-31}]");
    }

    @Test
    void numbersBeyond32BitsNeedAWiderColumn() {
        archive("n:int=value.n", record(1, "{\"id\":1,\"n\":1}"), record(2, "{\"id\":2,\"n\":2147483648}"));
        SqlSession sql = SqlSession.batch(root);
        String create = """
                CREATE TABLE %s (id INT, n %s) PARTITIONED BY (n)
                WITH ('connector'='firn', 'path'='${root}', 'table'='t', 'format'='json')""";
        sql.run(create.formatted("narrow", "INT"));
        sql.run(create.formatted("wide", "BIGINT"));

        for (String condition : List.of("n = 1", "n + 0 = 1")) {
            assertThatThrownBy(() -> sql.rows("SELECT id FROM narrow WHERE " + condition))
                    .as(condition)
                    .hasStackTraceContaining("The partition value 2147483648 does not fit a column of type INT;"
                            + " declare the column as BIGINT");
            assertThat(sql.rows("SELECT id FROM wide WHERE " + condition)).containsExactly("+I[1]");
        }
    }
}
