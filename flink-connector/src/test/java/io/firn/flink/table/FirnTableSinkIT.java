package io.firn.flink.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.flink.testing.TestClusters;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.table.Table;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class FirnTableSinkIT {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(6);

    @TempDir
    Path root;

    @Test
    void writesRowsIntoThePartitionsOfTheirColumns() {
        SqlSession sql = SqlSession.batch(root);
        sql.run("""
                CREATE TABLE flights (flight INT, origin STRING, dt DATE, plane BIGINT)
                PARTITIONED BY (dt, origin, plane)
                WITH ('connector'='firn', 'path'='${root}', 'format'='json', 'segment.size'='1MiB')""");

        sql.run("""
                INSERT INTO flights VALUES
                (1, 'ATL', DATE '2001-01-01', 7), (2, 'LAX', DATE '2001-01-02', CAST(NULL AS BIGINT))""");

        assertThat(sql.records("flights").keySet())
                .containsExactly(
                        "dt=2001-01-01/origin=ATL/plane=7",
                        "dt=2001-01-02/origin=LAX/plane=__HIVE_DEFAULT_PARTITION__");
        assertThat(text(Objects.requireNonNull(
                        sql.records("flights").firstEntry().getValue().get(0).value())))
                .isEqualTo("{\"flight\":1,\"origin\":\"ATL\",\"dt\":\"2001-01-01\",\"plane\":7}");
        try (Table table = sql.open("flights")) {
            assertThat(table.config().segmentSizeBytes()).isEqualTo(1 << 20);
        }
    }

    @Test
    void leavesPartitionColumnsOutOfTheValueWhenAskedTo() {
        SqlSession sql = SqlSession.batch(root);
        sql.run("""
                CREATE TABLE flights (flight INT, origin STRING) PARTITIONED BY (origin)
                WITH ('connector'='firn', 'path'='${root}', 'format'='json',
                'value.fields-include'='except-partition', 'table'='archived')""");

        sql.run("INSERT INTO flights PARTITION (origin='ATL') SELECT 1");

        assertThat(text(Objects.requireNonNull(
                        Objects.requireNonNull(sql.records("archived").get("origin=ATL"))
                                .get(0)
                                .value())))
                .isEqualTo("{\"flight\":1}");
    }

    @Test
    void writesMetadataColumnsWithRepeatedHeaders() {
        SqlSession sql = SqlSession.batch(root);
        sql.run("""
                CREATE TABLE events (
                  line STRING,
                  happened TIMESTAMP_LTZ(3) METADATA FROM 'timestamp',
                  `key` BYTES METADATA,
                  headers ARRAY<ROW<`key` STRING, `value` BYTES>> METADATA,
                  kind INT METADATA FROM 'type',
                  writer STRING METADATA VIRTUAL)
                WITH ('connector'='firn', 'path'='${root}', 'format'='raw')""");

        sql.run("""
                INSERT INTO events SELECT 'a', TO_TIMESTAMP_LTZ(1234, 3), x'01ff',
                  ARRAY[ROW('h', x'01'), ROW('h', x'02'), ROW('n', CAST(NULL AS BYTES))], 7""");
        sql.run("INSERT INTO events (line) VALUES ('b')");

        List<StreamRecord> records =
                sql.records("events").values().stream().flatMap(List::stream).toList();
        assertThat(records)
                .containsExactlyInAnyOrder(
                        StreamRecord.atMillis(1234)
                                .key(new byte[] {1, -1})
                                .headers(List.of(
                                        new RecordHeader("h", new byte[] {1}),
                                        new RecordHeader("h", new byte[] {2}),
                                        new RecordHeader("n", null)))
                                .typeId(7)
                                .value("a".getBytes(StandardCharsets.UTF_8))
                                .build(),
                        StreamRecord.atMillis(-1)
                                .value("b".getBytes(StandardCharsets.UTF_8))
                                .build());
    }

    @Test
    void writesNanosecondsWhereTheyAreGiven() {
        SqlSession sql = SqlSession.batch(root);
        sql.run("""
                CREATE TABLE ticks (price INT, ns BIGINT METADATA FROM 'timestamp_ns')
                WITH ('connector'='firn', 'path'='${root}', 'format'='csv')""");

        sql.run("INSERT INTO ticks VALUES (5, 1234567890123456789)");

        assertThat(sql.records("ticks").get(""))
                .containsExactly(StreamRecord.atNanos(1_234_567_890_123_456_789L)
                        .value("5".getBytes(StandardCharsets.UTF_8))
                        .build());
    }

    @Test
    void keepsTheEventTimeOfAStreamWithoutAMetadataColumn() {
        SqlSession sql = SqlSession.streaming(root);
        sql.run("""
                CREATE TABLE numbers (id BIGINT, ts AS TO_TIMESTAMP_LTZ(id * 1000, 3), WATERMARK FOR ts AS ts)
                WITH ('connector'='datagen', 'fields.id.kind'='sequence', 'fields.id.start'='1',
                'fields.id.end'='3')""");
        sql.run("""
                CREATE TABLE archive (id BIGINT, ts TIMESTAMP_LTZ(3))
                WITH ('connector'='firn', 'path'='${root}', 'format'='json', 'sink.id'='s')""");

        sql.run("INSERT INTO archive SELECT id, ts FROM numbers");

        assertThat(sql.records("archive").values().stream()
                        .flatMap(List::stream)
                        .map(StreamRecord::timestamp))
                .containsExactlyInAnyOrder(1000L, 2000L, 3000L);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        SqlSession sql = SqlSession.batch(root);
        sql.run("""
                CREATE TABLE t (id INT)
                WITH ('connector'='firn', 'path'='${root}', 'format'='json', 'segment.sise'='1MiB')""");

        assertThatThrownBy(() -> sql.run("INSERT INTO t VALUES (1)"))
                .rootCause()
                .hasMessageContaining("segment.sise")
                .hasMessageContaining("segment.size");
    }

    @Test
    void treatsLateRowsAsTheTableSays() {
        SqlSession sql = SqlSession.batch(root);
        for (String policy : List.of("route", "reject")) {
            sql.run("""
                    CREATE TABLE late_%1$s (id INT, d DATE) PARTITIONED BY (d)
                    WITH ('connector'='firn', 'path'='${root}', 'format'='json', 'late.data.policy'='%1$s',
                      'sink.parallelism'='1')""".formatted(policy));
        }
        String rows = " VALUES (1, DATE '2001-01-02'), (2, DATE '2001-01-01'), (3, DATE '2001-01-03')";

        sql.run("INSERT INTO late_route" + rows);

        assertThat(sql.records("late_route").keySet())
                .containsExactly("d=2001-01-02", "d=2001-01-03", "d=__HIVE_DEFAULT_PARTITION__");
        assertThatThrownBy(() -> sql.run("INSERT INTO late_reject" + rows))
                .hasStackTraceContaining("is late: it belongs to partition d=2001-01-01, but d=2001-01-02 was begun");
        assertThat(sql.records("late_reject")).isEmpty();
    }

    @Test
    void refusesUnboundedInputWithoutASinkId() {
        SqlSession sql = SqlSession.streaming(root);
        sql.run("CREATE TABLE numbers (id BIGINT) WITH ('connector'='datagen', 'rows-per-second'='1')");
        sql.run("CREATE TABLE t (id BIGINT) WITH ('connector'='firn', 'path'='${root}', 'format'='json')");

        assertThatThrownBy(() -> sql.run("INSERT INTO t SELECT id FROM numbers"))
                .hasMessageContaining("'sink.id' is missing")
                .hasMessageContaining("t");
    }

    @Test
    void refusesColumnsThatCannotPartition() {
        SqlSession sql = SqlSession.batch(root);
        sql.run("""
                CREATE TABLE t (id INT, price DOUBLE) PARTITIONED BY (price)
                WITH ('connector'='firn', 'path'='${root}', 'format'='json')""");

        assertThatThrownBy(() -> sql.run("INSERT INTO t VALUES (1, 2.0)"))
                .rootCause()
                .hasMessageContaining("Column 'price' of type DOUBLE cannot partition");
    }

    private static String text(byte[] bytes) {
        return new String(Objects.requireNonNull(bytes), StandardCharsets.UTF_8);
    }
}
