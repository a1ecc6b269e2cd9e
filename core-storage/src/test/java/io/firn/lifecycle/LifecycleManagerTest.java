package io.firn.lifecycle;

import static io.firn.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.CompressionPolicy;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableContents;
import io.firn.table.TableOption;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lifecycle of whole tables on real files. */
class LifecycleManagerTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");

    @TempDir
    Path directory;

    @Test
    void settlingAndCompressingChangesNothingThatAReaderSees() {
        try (Table table = table(TableConfig.defaults());
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            List<String> written = write(table, "a", 2_000);
            assertThat(read(table)).isEqualTo(written);
            LifecycleStats stats = manager.run(LifecycleRequest.compressAll());
            assertThat(stats.errors()).isEmpty();
            assertThat(stats.settledRecords()).isEqualTo(2_000);
            assertThat(read(table)).isEqualTo(written);
            TableContents contents = table.contents();
            assertThat(contents.hot().records()).isZero();
            assertThat(contents.partitions()).hasSize(10).allMatch(partition -> partition.coldSegments() == 1);
            assertThat(directory.resolve("t/_table/hot")).isEmptyDirectory();
            assertThat(manager.run(LifecycleRequest.decompressAll()).errors()).isEmpty();
            assertThat(read(table)).isEqualTo(written);
            assertThat(table.contents().partitions()).allMatch(partition -> partition.coldSegments() == 0);
        }
    }

    /** It could not have the lock, which whoever was taken over still had: he ends slowly, and is not dead before. */
    @Test
    void aWriterThatTookOverIsNotEndedWhenThePreviousOneCloses() {
        WriterOptions takeOver =
                WriterOptions.named("a").mapping(MAPPING).takeOver(true).build();
        try (Table table = table(TableConfig.defaults());
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            TableWriter slow = table.writer(takeOver);
            try (TableWriter owner = table.writer(takeOver)) {
                owner.append(record("k", "1"));
                owner.commit();
                slow.close();
                assertThat(manager.run(LifecycleRequest.compressAll()).errors()).isEmpty();
                owner.append(record("k", "2"));
                owner.commit();
                assertThat(read(table)).hasSize(2);
            }
            manager.run(LifecycleRequest.compressAll());
            assertThat(table.contents().hot().records()).as("now it is gone").isZero();
        }
    }

    @Test
    void aFollowerAndAResumedReaderGoOnOverSettling() {
        try (Table table = table(TableConfig.defaults());
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults());
                TableReader follower = table.reader(ScanOptions.ALL)) {
            List<String> seen = new ArrayList<>();
            List<String> written = new ArrayList<>();
            for (int round = 0; round < 4; round++) {
                written.addAll(write(table, "a", 300));
                follower.refresh();
                for (int i = 0; i < 250 && follower.next(); i++) {
                    seen.add(value(follower));
                }
                assertThat(manager.run(LifecycleRequest.compressAll()).errors()).isEmpty();
            }
            follower.refresh();
            while (follower.next()) {
                seen.add(value(follower));
            }
            assertThat(seen).isEqualTo(written);
            ScanOptions resumed =
                    ScanOptions.builder().fromSequences(Map.of("a", 650L)).build();
            assertThat(read(table, resumed)).isEqualTo(written.subList(650, 1_200));
        }
    }

    @Test
    void recordsOfOneWriterInVeryManyFilesComeInOrderWithinASmallBudget() {
        PartitionMapping many = PartitionMapping.parse("k:string=key");
        try (Table table = Table.create(directory.resolve("t"), many.scheme(), TableConfig.defaults());
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            try (TableWriter writer =
                    table.writer(WriterOptions.named("a").mapping(many).build())) {
                for (int i = 0; i < 9_000; i++) {
                    writer.append(record("k" + i % 300, "v" + i));
                }
                writer.finish();
            }
            assertThat(manager.run(LifecycleRequest.compressAll()).errors()).isEmpty();
            ScanOptions small = ScanOptions.builder().memoryBytes(1 << 20).build();
            List<String> values = read(table, small);
            assertThat(values).hasSize(9_000);
            for (int i = 0; i < values.size(); i++) {
                assertThat(values.get(i)).isEqualTo("v" + i);
            }
        }
    }

    @Test
    void filtersPruneSettledPartitions() {
        try (Table table = table(TableConfig.defaults());
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            write(table, "a", 500);
            manager.run(LifecycleRequest.settleAll());
            ScanOptions one = ScanOptions.builder()
                    .filter(PartitionFilter.exact("k", "key3"))
                    .build();
            assertThat(read(table, one)).hasSize(50).allMatch(value -> value.endsWith("3"));
        }
    }

    @Test
    void aNotificationIsEnoughUnderThePolicyImmediate() {
        TableConfig immediate = TableConfig.builder()
                .compressionPolicy(new CompressionPolicy.Immediate())
                .set(TableOption.SETTLE_MIN_BYTES, "1")
                .build();
        LifecycleOptions soon = LifecycleOptions.defaults().withCommitDelay(Duration.ofMillis(1));
        try (Table table = table(immediate);
                LifecycleManager manager = LifecycleManager.open(table, soon).start()) {
            List<String> written = write(table, "a", 1_000);
            manager.notifyCommit();
            await().untilAsserted(() -> assertThat(table.contents().partitions())
                    .hasSize(10)
                    .allMatch(partition -> partition.coldSegments() == 1));
            assertThat(read(table)).isEqualTo(written);
        }
    }

    @Test
    void ofTwoManagersOneWorksAtATime() {
        try (Table table = table(TableConfig.defaults());
                LifecycleManager first = LifecycleManager.open(table, LifecycleOptions.defaults());
                LifecycleManager second = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            List<String> written = write(table, "a", 100);
            assertThat(first.run(LifecycleRequest.settleAll()).settledRecords()).isEqualTo(100);
            assertThat(second.run(LifecycleRequest.compressAll()).compressedSegments())
                    .isEqualTo(10);
            assertThat(first.run(LifecycleRequest.decompressAll()).decompressedSegments())
                    .isEqualTo(10);
            assertThat(read(table)).isEqualTo(written);
        }
    }

    private Table table(TableConfig config) {
        return Table.create(directory.resolve("t"), MAPPING.scheme(), config);
    }

    private static List<String> write(Table table, String name, int count) {
        List<String> values = new ArrayList<>();
        try (TableWriter writer =
                table.writer(WriterOptions.named(name).mapping(MAPPING).build())) {
            for (int i = 0; i < count; i++) {
                String value = writer.nextSequence() + "-" + i % 10;
                values.add(value);
                writer.append(record("key" + i % 10, value));
            }
            writer.finish();
        }
        return values;
    }

    private static StreamRecord record(String key, String value) {
        return StreamRecord.atMillis(1)
                .key(key.getBytes(StandardCharsets.UTF_8))
                .value(value.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static List<String> read(Table table) {
        return read(table, ScanOptions.ALL);
    }

    private static List<String> read(Table table, ScanOptions options) {
        List<String> values = new ArrayList<>();
        try (TableReader reader = table.reader(options)) {
            while (reader.next()) {
                values.add(value(reader));
            }
        }
        return values;
    }

    private static String value(TableReader reader) {
        return new String(reader.record().toRecord().value(), StandardCharsets.UTF_8);
    }
}
