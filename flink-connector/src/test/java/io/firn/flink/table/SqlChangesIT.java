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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tables of a format whose records are changes of rows. */
@Timeout(180)
class SqlChangesIT {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(6);

    private static final String CREATE = """
            CREATE TABLE %s (id INT, region STRING) %s
            WITH ('connector'='firn', 'path'='${root}', 'table'='t', 'format'='%s')""";

    @TempDir
    Path root;

    private SqlSession sql;

    @BeforeEach
    void changes() {
        PartitionMapping mapping = PartitionMapping.parse("region:string=value.after.region");
        try (Table table = Table.create(root.resolve("t"), mapping.scheme(), TableConfig.defaults());
                TableWriter writer = table.writer(
                        WriterOptions.named("main").mapping(mapping).build())) {
            for (String change : List.of(
                    "{\"before\":null,\"after\":{\"id\":1,\"region\":\"A\"},\"op\":\"c\"}",
                    "{\"before\":{\"id\":1,\"region\":\"A\"},\"after\":{\"id\":1,\"region\":\"B\"},\"op\":\"u\"}",
                    "{\"before\":{\"id\":1,\"region\":\"B\"},\"after\":{\"region\":\"B\"},\"op\":\"u\"}",
                    "{\"before\":null,\"after\":{\"id\":2,\"region\":\"C\"},\"op\":\"c\"}")) {
                writer.append(StreamRecord.atMillis(0)
                        .value(change.getBytes(StandardCharsets.UTF_8))
                        .build());
            }
            writer.finish();
        }
        sql = SqlSession.streaming(root);
        sql.run(CREATE.formatted("changes", "", "debezium-json"));
    }

    @Test
    void aLimitCountsRowsThatAreNotTakenBack() {
        List<String> limited = sql.inOrder("SELECT id FROM changes WHERE id > 0 LIMIT 1");

        assertThat(limited.get(limited.size() - 1)).isEqualTo("+I[2]");
        assertThat(sql.inOrder("SELECT id, region FROM changes LIMIT 3")).endsWith("+I[2, C]");
    }

    @Test
    void rowsBeforeAChangeKeepTheirOwnColumns() {
        assertThat(sql.inOrder("SELECT id, region FROM changes WHERE region <> 'C'"))
                .containsExactly("+I[1, A]", "-U[1, A]", "+U[1, B]", "-U[1, B]", "+U[null, B]");
    }

    @Test
    void refusesToTakeTheRowBeforeAChangeForOneOfTheSamePartition() {
        sql.run(CREATE.formatted("partitioned", "PARTITIONED BY (region)", "debezium-json"));

        assertThatThrownBy(() -> sql.inOrder("SELECT id, region FROM partitioned"))
                .hasStackTraceContaining("partitioned cannot be read with PARTITIONED BY")
                .hasStackTraceContaining("format 'debezium-json'");
    }
}
