package io.firn.flink.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.flink.testing.TestClusters;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.ArchiveRoot;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.CollectionUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class FirnLifecycleJobIT {
    private static final int RECORDS = 2_000;
    private static final int TABLES = 3;
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(2, 2);

    @TempDir
    Path directory;

    @BeforeEach
    void writeTables() {
        ArchiveRoot root = ArchiveRoot.openOrCreate(directory);
        for (int i = 0; i < TABLES; i++) {
            try (Table table = Table.create(root.tablePath("table" + i), MAPPING.scheme(), TableConfig.defaults());
                    TableWriter writer = table.writer(
                            WriterOptions.named("main").mapping(MAPPING).build())) {
                for (int n = 0; n < RECORDS; n++) {
                    writer.append(StreamRecord.atMillis(n)
                            .key(("k" + n % 4).getBytes(StandardCharsets.UTF_8))
                            .value(("value " + n).getBytes(StandardCharsets.UTF_8))
                            .build());
                }
                writer.finish();
            }
        }
    }

    @Test
    void allTablesAreSettledCompressedAndVerified() throws Exception {
        List<String> lines = run("verify,settle,compress");
        assertThat(lines).hasSize(TABLES * (1 + 4 + 1));
        assertThat(lines.stream().filter(line -> line.startsWith("verify"))).allMatch(line -> line.endsWith("sound"));
        for (int i = 0; i < TABLES; i++) {
            try (Table table = Table.open(directory.resolve("table" + i))) {
                assertThat(table.contents().hot().segments()).isZero();
                assertThat(table.contents().partitions()).hasSize(4).allMatch(info -> info.hotSegments() == 0);
                assertThat(count(table)).isEqualTo(RECORDS);
            }
        }
    }

    @Test
    void aDamagedTableIsNamedAndTheOthersAreDone() throws Exception {
        run("settle,compress");
        Path damaged = anyColdFile("table1");
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length / 3] ^= 1;
        Files.write(damaged, bytes);
        assertThat(run("verify"))
                .anyMatch(line -> line.startsWith("verify table1: ")
                        && line.contains(damaged.getFileName().toString()))
                .contains("verify table0: sound", "verify table2: sound");
        assertThatThrownBy(() -> main("verify"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1 pieces of work failed");
        assertThatCode(() -> main("expire")).doesNotThrowAnyException();
    }

    @Test
    void aTableThatCannotBeOpenedIsNamedAndTheOthersAreDone() throws Exception {
        Files.writeString(directory.resolve("table1/_table/metadata.json"), "no metadata");
        assertThat(run("settle,compress"))
                .anyMatch(line -> line.startsWith("list table1: failed: "))
                .filteredOn(line -> line.startsWith("compress table"))
                .hasSize((TABLES - 1) * 4);
    }

    @Test
    void mistakesAreNamed() {
        assertThatThrownBy(() -> main("polish"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'polish'");
        assertThatThrownBy(() -> FirnLifecycleJob.main(new String[] {"--root", "/x"}))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'--root'");
        assertThatThrownBy(() -> FirnLifecycleJob.main(new String[0]))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("--path");
    }

    private void main(String steps) throws Exception {
        FirnLifecycleJob.main(new String[] {"--path", directory.toString(), "--steps", steps});
    }

    private List<String> run(String steps) throws Exception {
        StreamExecutionEnvironment job = StreamExecutionEnvironment.getExecutionEnvironment();
        job.setParallelism(4);
        try (CloseableIterator<String> lines =
                FirnLifecycleJob.build(job, directory.toString(), steps).executeAndCollect()) {
            return CollectionUtil.iteratorToList(lines);
        }
    }

    private Path anyColdFile(String table) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve(table))) {
            return files.filter(file -> file.toString().endsWith(".q.zst"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static long count(Table table) {
        long count = 0;
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                count++;
            }
        }
        return count;
    }
}
