package io.firn.flink.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.table.PartitionInfo;
import io.firn.table.Table;
import java.nio.file.Path;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Operators of an {@code INSERT}: the lifecycle behind the sink, and sinks of one id. */
@Timeout(120)
class SqlLifecycleIT {
    private static final String CREATE = """
            CREATE TABLE t (id INT, dt DATE) PARTITIONED BY (dt) WITH ('connector'='firn', 'path'='${root}',
            'format'='json', 'sink.id'='s', 'lifecycle.mode'='on-commit', 'compression.policy'='immediate')""";

    private static final String INSERT =
            "INSERT INTO t VALUES (1, DATE '2001-01-01'), (2, DATE '2001-01-02'), (3, DATE '2001-01-01')";

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(4)
            .build());

    @TempDir
    Path root;

    @Test
    void aBatchInsertWithALifecycleLeavesColdFiles() {
        SqlSession sql = SqlSession.batch(root);
        sql.run(CREATE);

        sql.run(INSERT);

        assertThat(sql.rows("SELECT id FROM t")).containsExactly("+I[1]", "+I[2]", "+I[3]");
        try (Table table = sql.open("t")) {
            assertThat(table.contents().hot().records()).isZero();
            assertThat(table.contents().partitions())
                    .extracting(PartitionInfo::path)
                    .containsExactly("dt=2001-01-01", "dt=2001-01-02");
            assertThat(table.contents().partitions()).allMatch(partition -> partition.hotSegments() == 0);
        }
    }

    @Test
    void aStreamingInsertWithALifecycleRuns() {
        SqlSession sql = SqlSession.streaming(root);
        sql.run(CREATE);

        sql.run(INSERT);

        assertThat(sql.rows("SELECT id FROM t")).containsExactly("+I[1]", "+I[2]", "+I[3]");
    }

    @Test
    void twoInsertsOfOneJobDoNotShareASinkId() {
        SqlSession sql = SqlSession.streaming(root);
        sql.run(CREATE);
        sql.run("CREATE TABLE numbers (id INT) WITH ('connector'='datagen', 'number-of-rows'='9')");
        StatementSet both = sql.environment().createStatementSet();
        both.addInsertSql("INSERT INTO t SELECT id, DATE '2001-01-01' FROM numbers WHERE id > 0");
        both.addInsertSql(
                "INSERT INTO t /*+ OPTIONS('sink.parallelism'='1') */ SELECT id, DATE '2001-01-01' FROM numbers");

        assertThatThrownBy(() -> both.execute().await())
                .hasStackTraceContaining("Hash collision on user-specified ID \"firn-sink-s\"");
    }
}
