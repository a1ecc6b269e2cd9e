package io.firn.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.SourceTransformation;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the source of a SQL query gives out a table. */
class SqlReadOrderTest extends ArchivedTableFixture {
    private StreamTableEnvironment sql;

    @BeforeEach
    void session() {
        sql = StreamTableEnvironment.create(StreamExecutionEnvironment.getExecutionEnvironment());
    }

    @Test
    void changesAreReadInTheOrderOfTheirWriter() {
        assertThat(modeOf("'format'='debezium-json'", "")).isEqualTo(SplitMode.ORDERED);
    }

    @Test
    void rowsThatStayAreReadInRanges() {
        assertThat(modeOf("'format'='json'", "")).isEqualTo(SplitMode.RANGES);
    }

    @Test
    void rowsBehindAWatermarkAreReadInTheOrderOfTheirWriter() {
        assertThat(modeOf("'format'='json'", ", WATERMARK FOR ts AS ts")).isEqualTo(SplitMode.ORDERED);
    }

    @Test
    void whatIsFollowedIsFollowedInAnyFormat() {
        assertThat(modeOf("'format'='debezium-json', 'scan.mode'='unbounded'", ""))
                .isEqualTo(SplitMode.FOLLOW);
    }

    private SplitMode modeOf(String options, String watermark) {
        sql.executeSql("""
                CREATE TABLE t (id INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' %s)
                WITH ('connector'='firn', 'path'='%s', 'table'='%s', %s)""".formatted(watermark, archived.path(), ArchivedTable.NAME, options));
        return sql
                .toChangelogStream(sql.sqlQuery("SELECT id, ts FROM t"))
                .getTransformation()
                .getTransitivePredecessors()
                .stream()
                .filter(SourceTransformation.class::isInstance)
                .map(source -> ((FirnSource<?>) ((SourceTransformation<?, ?, ?>) source).getSource())
                        .settings()
                        .mode())
                .findFirst()
                .orElseThrow();
    }
}
