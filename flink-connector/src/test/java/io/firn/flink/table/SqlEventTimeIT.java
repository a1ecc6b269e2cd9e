package io.firn.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.partition.PartitionScheme;
import io.firn.record.StreamRecord;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Windows of event time over tables of several writers. */
class SqlEventTimeIT {
    private static final int RECORDS = 3000;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @TempDir
    Path root;

    @Test
    void aScanThatEndsCountsEveryRowInItsWindowWhicheverWriterItComesFrom() {
        try (Table table =
                Table.create(root.resolve("ticks"), PartitionScheme.unpartitioned(), TableConfig.defaults())) {
            append(table, "one");
            append(table, "two");
        }
        SqlSession sql = SqlSession.streaming(root);
        sql.environment().getConfig().set(CoreOptions.DEFAULT_PARALLELISM, 1);
        sql.environment().getConfig().set("pipeline.auto-watermark-interval", "1 ms");
        sql.run("""
                CREATE TABLE ticks (n INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp', WATERMARK FOR ts AS ts)
                WITH ('connector'='firn', 'path'='${root}', 'format'='json')""");

        List<String> windows = sql.rows("""
                SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE ticks, DESCRIPTOR(ts), INTERVAL '10' MINUTE))
                GROUP BY window_start, window_end""");

        assertThat(windows).containsOnly("+I[1200]").hasSize(2 * RECORDS / 1200);
    }

    private static void append(Table table, String writer) {
        try (TableWriter open = table.writer(WriterOptions.named(writer).build())) {
            for (int n = 0; n < RECORDS; n++) {
                open.append(StreamRecord.atMillis(n * 1000L)
                        .value(("{\"n\":" + n + "}").getBytes(StandardCharsets.UTF_8))
                        .build());
            }
            open.finish();
        }
    }
}
