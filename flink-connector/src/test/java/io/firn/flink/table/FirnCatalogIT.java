package io.firn.flink.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.partition.MissingFieldPolicy;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirnCatalogIT {
    private static final PartitionMapping MAPPING =
            PartitionMapping.parse("dt:date=timestamp,type:string=key").withMissingField(MissingFieldPolicy.NULL);

    @TempDir
    Path root;

    private SqlSession sql;

    @BeforeEach
    void archiveOfTwoTables() {
        try (Table table = Table.create(root.resolve("events"), MAPPING.scheme(), TableConfig.defaults());
                TableWriter writer = table.writer(
                        WriterOptions.named("main").mapping(MAPPING).build())) {
            writer.append(record("b"));
            writer.append(record(null));
            writer.append(record("a"));
            writer.commit();
        }
        Table.create(root.resolve("notes"), PartitionMapping.parse("n:int=key").scheme(), TableConfig.defaults())
                .close();
        sql = SqlSession.batch(root);
        sql.run("CREATE CATALOG firn WITH ('type'='firn', 'path'='${root}')");
        sql.run("USE CATALOG firn");
    }

    private static StreamRecord record(@Nullable String key) {
        return StreamRecord.atMillis(86_400_000)
                .key(key == null ? null : key.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    @Test
    void showsTheTablesOfAnArchive() {
        assertThat(sql.rows("SHOW DATABASES")).containsExactly("+I[default]");
        assertThat(sql.rows("SHOW TABLES")).containsExactly("+I[events]", "+I[notes]");
        assertThatThrownBy(() -> sql.rows("DESCRIBE absent")).hasStackTraceContaining("absent");
    }

    @Test
    void describesPartitionColumnsBytesAndMetadata() {
        assertThat(sql.inOrder("DESCRIBE events"))
                .containsExactly(
                        "+I[dt, DATE, true, null, null, null]",
                        "+I[type, STRING, true, null, null, null]",
                        "+I[value, BYTES, true, null, null, null]",
                        "+I[timestamp, TIMESTAMP_LTZ(3), true, null, METADATA VIRTUAL, null]",
                        "+I[timestamp_ns, BIGINT, true, null, METADATA VIRTUAL, null]",
                        "+I[key, BYTES, true, null, METADATA VIRTUAL, null]",
                        "+I[headers, ARRAY<ROW<`key` STRING, `value` BYTES>>, true, null, METADATA VIRTUAL, null]",
                        "+I[type_, INT, true, null, METADATA FROM 'type' VIRTUAL, null]",
                        "+I[writer, STRING, true, null, METADATA VIRTUAL, null]",
                        "+I[sequence, BIGINT, true, null, METADATA VIRTUAL, null]",
                        "+I[partition, STRING, true, null, METADATA VIRTUAL, null]",
                        "+I[tier, STRING, true, null, METADATA VIRTUAL, null]",
                        "+I[segment, STRING, true, null, METADATA VIRTUAL, null]");
    }

    @Test
    void showsPartitionsAlsoOfDataThatIsNotSettled() {
        assertThat(sql.rows("SHOW PARTITIONS events"))
                .containsExactly(
                        "+I[dt=1970-01-02/type=__HIVE_DEFAULT_PARTITION__]",
                        "+I[dt=1970-01-02/type=a]",
                        "+I[dt=1970-01-02/type=b]");
        assertThat(sql.rows("SHOW PARTITIONS events PARTITION (type='a')")).containsExactly("+I[dt=1970-01-02/type=a]");
        assertThat(sql.rows("SHOW PARTITIONS notes")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE DATABASE more",
                "CREATE TABLE t (a INT) WITH ('connector'='firn')",
                "DROP TABLE events",
                "ALTER TABLE events RENAME TO other",
                "ALTER TABLE events SET ('a'='b')",
                "ALTER TABLE events DROP PARTITION (dt='1970-01-02', type='a')",
                "CREATE FUNCTION f AS 'java.lang.String'"
            })
    void refusesEveryChangeWithTheReason(String statement) {
        assertThatThrownBy(() -> sql.run(statement))
                .hasStackTraceContaining("is refused: catalog 'firn' shows the archive at " + root);
        assertThat(sql.rows("SHOW TABLES")).hasSize(2);
    }

    @Test
    void refusesAnArchiveOfAnotherId() {
        assertThatThrownBy(
                        () -> sql.run("CREATE CATALOG other WITH ('type'='firn', 'path'='${root}', 'archive.id'='x')"))
                .hasStackTraceContaining("sees no archive");
    }
}
