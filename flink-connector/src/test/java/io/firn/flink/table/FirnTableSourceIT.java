package io.firn.flink.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.firn.flink.testing.TestClusters;
import io.firn.partition.PartitionMapping;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class FirnTableSourceIT {
    private static final String JSON_TABLE =
            "CREATE TABLE %s (a INT) WITH ('connector'='firn', 'path'='${root}', 'table'='t', 'format'='json' %s)";

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(6);

    @TempDir
    Path root;

    @ParameterizedTest
    @ValueSource(strings = {"json", "csv' , 'csv.null-literal' = 'NULL", "avro"})
    void readsWhatItWroteInAnyOrderOfColumns(String format) {
        for (SqlSession sql : List.of(SqlSession.batch(root), SqlSession.streaming(root))) {
            sql.run("""
                    CREATE TABLE flights (flight INT, origin STRING, delay DOUBLE, dt DATE, plane BIGINT)
                    PARTITIONED BY (dt, plane)
                    WITH ('connector'='firn', 'path'='${root}', 'sink.id'='s', 'table'='%s', 'format'='%s')""".formatted(sql.isStreaming() ? "streamed" : "batched", format));
            sql.run("""
                    INSERT INTO flights VALUES (1, 'ATL', 2.5, DATE '2001-01-01', 7),
                    (2, CAST(NULL AS STRING), 3.5, CAST(NULL AS DATE), 8), (3, 'LAX', 0.5, DATE '1969-12-31', -1)""");

            assertThat(sql.rows("SELECT * FROM flights"))
                    .containsExactly(
                            "+I[1, ATL, 2.5, 2001-01-01, 7]",
                            "+I[2, null, 3.5, null, 8]",
                            "+I[3, LAX, 0.5, 1969-12-31, -1]");
            assertThat(sql.rows("SELECT plane, delay, flight FROM flights"))
                    .containsExactly("+I[-1, 0.5, 3]", "+I[7, 2.5, 1]", "+I[8, 3.5, 2]");
            assertThat(sql.explain("SELECT plane, delay FROM flights")).contains("project=[plane, delay]");
            assertThat(sql.rows("SELECT dt FROM flights"))
                    .containsExactly("+I[1969-12-31]", "+I[2001-01-01]", "+I[null]");
            assertThat(sql.rows("SELECT flight FROM flights WHERE plane >= 0 AND dt IS NULL"))
                    .containsExactly("+I[2]");
        }
    }

    @Test
    void readsRawValuesBesideTheirPartition() {
        SqlSession sql = SqlSession.batch(root);
        sql.run("""
                CREATE TABLE words (word STRING, n INT) PARTITIONED BY (n)
                WITH ('connector'='firn', 'path'='${root}', 'format'='raw')""");
        sql.run("INSERT INTO words VALUES ('one', 1), ('two', 2)");

        assertThat(sql.rows("SELECT n, word FROM words")).containsExactly("+I[1, one]", "+I[2, two]");
        assertThat(sql.rows("SELECT word FROM words WHERE n = 2")).containsExactly("+I[two]");
    }

    @Test
    void readsMetadataOfRecordsThatOthersWrote() {
        PartitionMapping mapping = PartitionMapping.parse("hh:hour=timestamp");
        try (Table table = Table.create(root.resolve("events"), mapping.scheme(), TableConfig.defaults());
                TableWriter writer = table.writer(
                        WriterOptions.named("main").mapping(mapping).build())) {
            writer.append(StreamRecord.atNanos(3_600_000_000_000L + 1_999_999)
                    .key(new byte[] {1})
                    .typeId(9)
                    .headers(List.of(
                            new RecordHeader("h", new byte[] {2}),
                            new RecordHeader("h", null),
                            new RecordHeader("h", new byte[0])))
                    .value("{\"id\":5,\"more\":1}".getBytes(StandardCharsets.UTF_8))
                    .build());
            writer.append(StreamRecord.atMillis(-2).build());
            writer.commit();
        }
        SqlSession sql = SqlSession.batch(root);
        sql.run("""
                CREATE TABLE events (
                  id INT, hh STRING,
                  ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp', timestamp_ns BIGINT METADATA VIRTUAL,
                  `key` BYTES METADATA, headers ARRAY<ROW<`key` STRING, `value` BYTES>> METADATA,
                  kind INT METADATA FROM 'type', writer STRING METADATA VIRTUAL,
                  sequence BIGINT METADATA VIRTUAL, place STRING METADATA FROM 'partition' VIRTUAL)
                PARTITIONED BY (hh)
                WITH ('connector'='firn', 'path'='${root}', 'format'='json')""");

        assertThat(sql.rows("SELECT * FROM events"))
                .containsExactly(
                        "+I[5, 1970-01-01-01, 1970-01-01T01:00:00.001Z, 3600001999999, [1], [+I[h, [2]], +I[h, null],"
                                + " +I[h, []]], 9, main, 0, hh=1970-01-01-01]",
                        "+I[null, 1969-12-31-23, 1969-12-31T23:59:59.998Z, -2000000, null, [], 0, main, 1,"
                                + " hh=1969-12-31-23]");
        assertThat(sql.rows("SELECT sequence FROM events WHERE hh = '1970-01-01-01'"))
                .containsExactly("+I[0]");
        assertThat(sql.rows("SELECT sequence, kind FROM events WHERE kind > 0")).containsExactly("+I[0, 9]");
    }

    @Test
    void followsATableAndMakesWatermarks() throws Exception {
        PartitionMapping mapping = PartitionMapping.parse("bucket:string=key");
        try (Table table = Table.create(root.resolve("numbers"), mapping.scheme(), TableConfig.defaults());
                TableWriter writer = table.writer(
                        WriterOptions.named("main").mapping(mapping).build())) {
            append(writer, "a", 100);
            append(writer, "b", 200);
            writer.commit();
            SqlSession sql = SqlSession.streaming(root);
            sql.run("""
                    CREATE TABLE numbers (id INT, bucket STRING, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp',
                      WATERMARK FOR ts AS ts)
                    PARTITIONED BY (bucket)
                    WITH ('connector'='firn', 'path'='${root}', 'format'='json', 'scan.mode'='unbounded',
                      'scan.parallelism'='1')""");
            String query = """
                    SELECT window_start, COUNT(*) FROM
                    TABLE(TUMBLE(TABLE numbers, DESCRIPTOR(ts), INTERVAL '1' SECOND))
                    WHERE bucket <> 'b' GROUP BY window_start, window_end""";

            assertThat(sql.explain(query)).contains("watermark=[").contains("project=[bucket]");
            List<String> rows = new ArrayList<>();
            try (CloseableIterator<Row> windows =
                    sql.environment().executeSql(query).collect()) {
                append(writer, "c", 900);
                append(writer, "c", 5000);
                writer.commit();
                rows.add(windows.next().toString());
                append(writer, "d", 9000);
                writer.commit();
                rows.add(windows.next().toString());
            }
            assertThat(rows).containsExactly("+I[1970-01-01T00:00, 2]", "+I[1970-01-01T00:00:05, 1]");
        }
    }

    private static void append(TableWriter writer, String bucket, long timestampMs) {
        writer.append(StreamRecord.atMillis(timestampMs)
                .key(bucket.getBytes(StandardCharsets.UTF_8))
                .value("{}".getBytes(StandardCharsets.UTF_8))
                .build());
    }

    @Test
    void refusesPartitionColumnsThatTheTableDoesNotHave() {
        Table.create(root.resolve("t"), PartitionMapping.parse("n:int=key").scheme(), TableConfig.defaults())
                .close();
        SqlSession sql = SqlSession.batch(root);
        String create = """
                CREATE TABLE %s (id INT, %s) PARTITIONED BY (%s)
                WITH ('connector'='firn', 'path'='${root}', 'table'='t', 'format'='json')""";
        sql.run(create.formatted("a", "m INT", "m"));
        sql.run(create.formatted("b", "n STRING", "n"));

        assertThatThrownBy(() -> sql.rows("SELECT * FROM a"))
                .hasStackTraceContaining("PARTITIONED BY 'm'")
                .hasStackTraceContaining("is partitioned by [n:int]");
        assertThatThrownBy(() -> sql.rows("SELECT * FROM b"))
                .hasStackTraceContaining("the archived field is int; declare it as BIGINT or INT");
    }

    @Test
    void makesTheRowsThatAnOptionSays() {
        assumeThat(EnvironmentInformation.getVersion())
                .as("Flink 2.0 makes no rows of an array in JSON")
                .doesNotStartWith("2.0.");
        SqlSession sql = linesOfJson();
        sql.run(JSON_TABLE.formatted("lenient", ", 'json.ignore-parse-errors'='true'"));
        sql.run(JSON_TABLE.formatted("counted", ", 'json.ignore-parse-errors'='true', 'scan.rows-per-record'='one'"));

        assertThat(sql.rows("SELECT a FROM lenient")).containsExactly("+I[1]", "+I[2]", "+I[3]");
        assertThat(sql.rows("SELECT COUNT(*) FROM lenient")).containsExactly("+I[3]");
        assertThatThrownBy(() -> sql.rows("SELECT a FROM counted"))
                .hasStackTraceContaining("set 'scan.rows-per-record'='any'");
    }

    @Test
    void leavesToTheFormatWhatItCannotParse() {
        SqlSession sql = linesOfJson();
        // any number of rows, else the job may fail first for the record of two: the three are in no order
        sql.run(JSON_TABLE.formatted("failing", ", 'scan.rows-per-record'='any'"));

        assertThat(sql.rows("SELECT COUNT(*) FROM lines")).containsExactly("+I[3]");
        assertThatThrownBy(() -> sql.rows("SELECT a FROM failing")).hasStackTraceContaining("Failed to deserialize");
    }

    private SqlSession linesOfJson() {
        SqlSession sql = SqlSession.batch(root);
        sql.run("""
                CREATE TABLE lines (line STRING)
                WITH ('connector'='firn', 'path'='${root}', 'table'='t', 'format'='raw', 'sink.parallelism'='1')""");
        sql.run("INSERT INTO lines VALUES ('{\"a\":1}'), ('nonsense'), ('[{\"a\":2},{\"a\":3}]')");
        return sql;
    }
}
