package io.firn.flink.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.flink.source.ReadChoice;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Filters that are too long for a checkpoint. */
class LongFilterIT {
    @TempDir
    Path root;

    @Test
    void whatIsTooLongForAScanIsLeftToFlink() {
        SqlSession sql = SqlSession.streaming(root);
        sql.run("""
                CREATE TABLE t (id INT, k STRING, n INT) PARTITIONED BY (k, n)
                WITH ('connector'='firn', 'path'='${root}', 'format'='json', 'scan.mode'='unbounded')""");
        String list = IntStream.range(0, 20)
                .mapToObj(i -> "'" + i + "\u20ac".repeat(600) + "'")
                .collect(Collectors.joining(", "));

        String plan = sql.explain("SELECT id FROM t WHERE n > 1 AND k IN (" + list + ")");

        assertThat(plan).contains("filter=[>(n, 1)]").contains("where=[");
        assertThat(sql.explain("SELECT id FROM t WHERE k IN ('a', 'b')")).doesNotContain("where=[");
    }

    @Test
    void aSourceRefusesWhatNoCheckpointCanHold() {
        assertThat(new ReadChoice("\u20ac".repeat(21_845), 0, 0).where()).hasSize(21_845);
        assertThatThrownBy(() -> new ReadChoice("\u20ac".repeat(21_846), 0, 0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("A filter of 65538 bytes is too long; a source takes 65535");
    }
}
