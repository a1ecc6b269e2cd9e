package io.firn.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.partition.MissingFieldPolicy;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.table.api.config.AggregatePhaseStrategy;
import org.apache.flink.table.api.config.OptimizerConfigOptions;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is pushed into a scan gives the rows that Flink itself would give: it computes each condition as a column. */
class PushDownOracleIT {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(6)
            .build());

    private static final PartitionMapping MAPPING = PartitionMapping.parse(
                    "s:string=value.s,i:int=value.i,b:int=value.b,d:date=value.d,h:hour=timestamp,m:minute=timestamp")
            .withMissingField(MissingFieldPolicy.NULL);

    private static final List<String> CONDITIONS = List.of(
            "s <> 'ATL'",
            "s NOT IN ('ATL', 'LAX')",
            "s IN ('ATL', 'it''s', '')",
            "s = '100%/x=y'",
            "s = '__HIVE_DEFAULT_PARTITION__'",
            "s BETWEEN 'A' AND 'M'",
            "s IS NULL OR s = 'ATL'",
            "(s = 'ATL' AND i = 1) OR (s = 'LAX' AND i = -2)",
            "i NOT BETWEEN -2 AND 1",
            "i > 0.5",
            "i > 9999999999",
            "i = b",
            "(i > 1) IS UNKNOWN",
            "i IS NOT DISTINCT FROM CAST(NULL AS INT)",
            "b >= 9223372036854775807",
            "d >= DATE '0001-01-01' AND d < DATE '1970-01-01'",
            "d IN (DATE '2001-01-01', DATE '1969-12-31')",
            "h = '1970-1-1-0'",
            "h IN ('1970-01-01-01', 'x')",
            "m <= '1970-01-01-00-00'",
            "ts IN (TO_TIMESTAMP_LTZ(60000, 3), TO_TIMESTAMP_LTZ(-1, 3))",
            "ts NOT BETWEEN TO_TIMESTAMP_LTZ(0, 3) AND TO_TIMESTAMP_LTZ(60000, 3)",
            "ts = TIMESTAMP '1970-01-01 00:01:00.0005'",
            "ts < TIMESTAMP '1970-01-01 00:01:00.000000001'",
            "CAST(ts AS TIMESTAMP_LTZ(9)) > TO_TIMESTAMP_LTZ(59999, 3)",
            "CAST(ts AS TIMESTAMP_LTZ(0)) >= TO_TIMESTAMP_LTZ(60000, 3)",
            "CAST(ts AS TIMESTAMP(3)) > TIMESTAMP '1970-01-01 00:00:59'",
            "ts > TO_TIMESTAMP_LTZ(0, 3) AND i = 1 AND s IS NOT NULL AND id > 1");

    @TempDir
    Path root;

    private SqlSession sql;

    @BeforeEach
    void records() {
        try (Table table = Table.create(root.resolve("t"), MAPPING.scheme(), TableConfig.defaults())) {
            append(
                    table,
                    "one",
                    record(0, "{\"id\":1,\"s\":\"ATL\",\"i\":1,\"b\":1,\"d\":\"2001-01-01\"}"),
                    record(
                            60_000_000_000L,
                            "{\"id\":2,\"s\":\"LAX\",\"i\":-2," + "\"b\":9223372036854775807,\"d\":\"2001-01-02\"}"),
                    record(60_000_500_000L, "{\"id\":3,\"s\":null,\"i\":null,\"b\":null,\"d\":null}"),
                    record(-1_000_000, "{\"id\":4,\"s\":\"\",\"i\":3,\"b\":-5,\"d\":\"1969-12-31\"}"),
                    record(-1, "{\"id\":5,\"s\":\"it's\",\"i\":2147483647,\"b\":1,\"d\":\"0001-01-01\"}"));
            settle(table);
            append(
                    table,
                    "two",
                    record(59_999_999_999L, "{\"id\":6,\"s\":\"ATL\",\"i\":1,\"b\":2,\"d\":\"9999-12-31\"}"),
                    record(3_600_000_000_000L, "{\"id\":7,\"s\":\"100%/x=y\",\"i\":0,\"b\":0,\"d\":\"2001-01-01\"}"),
                    record(
                            60_000_000_001L,
                            "{\"id\":8,\"s\":\"__HIVE_DEFAULT_PARTITION__\",\"i\":2,"
                                    + "\"b\":-9223372036854775808,\"d\":null}"),
                    record(1, "{\"id\":9,\"s\":\"\ud83d\ude00\",\"i\":-1,\"b\":3,\"d\":\"2001-01-01\"}"),
                    record(1_999_999, "{\"id\":10,\"s\":\"\uffee\",\"i\":1,\"b\":null,\"d\":\"2001-01-01\"}"));
        }
        sql = SqlSession.batch(root);
        sql.environment()
                .getConfig()
                .set(OptimizerConfigOptions.TABLE_OPTIMIZER_AGG_PHASE_STRATEGY, AggregatePhaseStrategy.TWO_PHASE);
        sql.environment().getConfig().set("table.local-time-zone", "UTC");
        sql.run("""
                CREATE TABLE t (id INT, s STRING, i INT, b BIGINT, d DATE, h STRING, m STRING,
                  ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp')
                PARTITIONED BY (d, s, i, h, b, m)
                WITH ('connector'='firn', 'path'='${root}', 'format'='json')""");
    }

    private static void append(Table table, String name, StreamRecord... records) {
        try (TableWriter writer =
                table.writer(WriterOptions.named(name).mapping(MAPPING).build())) {
            for (StreamRecord record : records) {
                writer.append(record);
            }
            writer.finish();
        }
    }

    private static void settle(Table table) {
        try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            assertThat(manager.run(LifecycleRequest.settleAll()).errors()).isEmpty();
        }
    }

    private static StreamRecord record(long timestampNs, String json) {
        return StreamRecord.atNanos(timestampNs)
                .value(json.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    @Test
    void givesTheRowsAndCountsOfConditionsThatFlinkComputes() {
        Map<String, List<String>> expected = expected();
        for (String condition : CONDITIONS) {
            List<String> ids = Objects.requireNonNull(expected.get(condition));
            assertThat(sql.rows("SELECT id FROM t WHERE " + condition))
                    .as(condition)
                    .isEqualTo(ids);
            assertThat(sql.rows("SELECT COUNT(*) FROM t WHERE " + condition))
                    .as(condition)
                    .containsExactly("+I[" + ids.size() + "]");
        }
    }

    /** By condition the rows that meet it: each is a column of one query that has no condition. */
    private Map<String, List<String>> expected() {
        Map<String, List<String>> expected = new HashMap<>();
        CONDITIONS.forEach(condition -> expected.put(condition, new ArrayList<>()));
        for (String row : sql.rows("SELECT id, " + String.join(", ", CONDITIONS) + " FROM t")) {
            String[] cells = row.substring("+I[".length(), row.length() - 1).split(", ", -1);
            for (int i = 0; i < CONDITIONS.size(); i++) {
                if (cells[i + 1].equals("true")) {
                    Objects.requireNonNull(expected.get(CONDITIONS.get(i))).add("+I[" + cells[0] + "]");
                }
            }
        }
        expected.values().forEach(ids -> ids.sort(null));
        return expected;
    }
}
