package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.cache.CacheHierarchy;
import io.firn.cache.CacheOptions;
import io.firn.lifecycle.LifecycleRequest.Scope;
import io.firn.lifecycle.LifecycleRequest.Step;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionScheme;
import io.firn.record.StreamRecord;
import io.firn.table.PointReader;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableOption;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache with a local level before the cold files of an ordinary table. */
class CachedTableIT {
    private static final int RECORDS = 4000;

    @TempDir
    private Path directory;

    private final TableEnvironment plain = TableEnvironment.system();

    private CacheHierarchy cache() {
        return plain.openCache(CacheOptions.fromProperties(Map.of(
                "l1.max.bytes", "8MiB", "l2.path", directory.resolve("l2").toString())));
    }

    private Table table(CacheHierarchy cache) {
        TableConfig config = TableConfig.builder()
                .set(TableOption.COMPRESSION_BLOCK_SIZE, "16KiB")
                .build();
        return Table.openOrCreate(
                directory.resolve("table"), PartitionScheme.unpartitioned(), config, plain.withCache(cache));
    }

    private static void write(Table table) {
        SplittableRandom random = new SplittableRandom(1);
        try (TableWriter writer = table.writer(WriterOptions.named("w").build())) {
            byte[] value = new byte[100];
            for (int i = 0; i < RECORDS; i++) {
                random.nextBytes(value);
                writer.append(StreamRecord.atMillis(i).value(value).build());
            }
            writer.commit();
        }
    }

    private static void lookUp(Table table, int... sequences) {
        try (PointReader reader = table.pointReader("w")) {
            for (int sequence : sequences) {
                assertThat(reader.seek(sequence)).isTrue();
                assertThat(reader.record().sequence()).isEqualTo(sequence);
            }
        }
    }

    private static LifecycleStats run(Table table, LifecycleRequest request) {
        try (LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            LifecycleStats stats = lifecycle.run(request);
            assertThat(stats.errors()).isEmpty();
            return stats;
        }
    }

    @Test
    void afterARestartWarmingMakesTheFirstReadsHits() {
        try (CacheHierarchy cache = cache();
                Table table = table(cache)) {
            write(table);
            run(table, LifecycleRequest.compressAll());
            lookUp(table, 17, 3500, 1200);
            assertThat(cache.stats().l1().entries()).isGreaterThanOrEqualTo(3);
            assertThat(table.warmCache()).as("nothing was hot before").isZero();
        }
        try (CacheHierarchy cache = cache();
                Table table = table(cache)) {
            assertThat(table.warmCache()).isGreaterThanOrEqualTo(3);
            long misses = cache.stats().l1().misses();
            lookUp(table, 17, 3500, 1200);
            assertThat(cache.stats().l1().misses()).isEqualTo(misses);
            assertThat(cache.stats().loads()).isZero();
        }
    }

    @Test
    void filesThatTheLifecycleDeletesAreForgottenInEveryLevel() {
        try (CacheHierarchy cache = cache();
                Table table = table(cache)) {
            write(table);
            run(table, LifecycleRequest.compressAll());
            lookUp(table, 17, 3500, 1200);
        }
        try (CacheHierarchy cache = cache();
                Table table = table(cache)) {
            lookUp(table, 17);
            assertThat(cache.stats().l2().entries()).isGreaterThanOrEqualTo(3);
            LifecycleRequest decompress =
                    new LifecycleRequest(Set.of(Step.DECOMPRESS), Scope.ALL, PartitionFilter.all());
            assertThat(run(table, decompress).decompressedSegments()).isEqualTo(1);
            assertThat(cache.stats().l1().entries()).isZero();
            assertThat(cache.stats().l2().entries()).isZero();
            lookUp(table, 17, 3500, 1200);
            assertThat(table.warmCache()).as("the files that were hot are gone").isZero();
        }
    }
}
