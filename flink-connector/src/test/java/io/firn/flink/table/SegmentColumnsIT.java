package io.firn.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.table.Table;
import java.nio.file.Path;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The columns {@code tier} and {@code segment}. */
@Timeout(120)
class SegmentColumnsIT {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(4)
            .build());

    @TempDir
    Path root;

    @Test
    void aRowSaysWhichFileItComesFrom() {
        SqlSession sql = SqlSession.batch(root);
        sql.run("""
                CREATE TABLE t (id INT, k STRING, tier STRING METADATA VIRTUAL, file STRING METADATA FROM 'segment' VIRTUAL)
                PARTITIONED BY (k) WITH ('connector'='firn', 'path'='${root}', 'format'='json')""");
        sql.run("INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'a')");
        try (Table table = sql.open("t");
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            assertThat(manager.run(LifecycleRequest.compressAll()).errors()).isEmpty();
        }
        sql.run("INSERT INTO t VALUES (4, 'a')");

        assertThat(sql.rows("SELECT id, tier, REGEXP_REPLACE(file, '[^/]+\\.q', '*.q') FROM t"))
                .containsExactly(
                        "+I[1, cold, k=a/*.q.zst]",
                        "+I[2, cold, k=b/*.q.zst]",
                        "+I[3, cold, k=a/*.q.zst]",
                        "+I[4, hot, _table/hot/*.q]");
        assertThat(sql.rows("SELECT tier, COUNT(*), COUNT(DISTINCT file) FROM t GROUP BY tier"))
                .containsExactly("+I[cold, 3, 2]", "+I[hot, 1, 1]");
        assertThat(sql.rows("SELECT id FROM t WHERE tier = 'hot' AND k = 'a'")).containsExactly("+I[4]");
    }
}
