package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.log.SegmentEntry;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.CompressionPolicy;
import io.firn.table.ReadOrder;
import io.firn.table.ScanOptions;
import io.firn.table.SegmentInfo;
import io.firn.table.SegmentRule;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableOption;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user does with tables and their lifecycle, from the first to the last step, on real files. */
class StorageIntegrationTest {
    private static final PartitionMapping BY_DAY = PartitionMapping.parse("dt:date=timestamp");
    private static final long START_MS = Instant.parse("2001-01-01T00:00:00Z").toEpochMilli();
    private static final long MINUTE_MS = Duration.ofMinutes(1).toMillis();
    private static final int DAY = 1440;

    @TempDir
    Path directory;

    private Duration ahead = Duration.ZERO;
    private final TableEnvironment environment = TableEnvironment.deterministic(
            LocalFileStore.open(IoMode.AUTO),
            () -> InstantSource.system().instant().plus(ahead));

    @Test
    void aTableIsCreatedWrittenMaintainedVerifiedReadAndRight() throws IOException {
        try (Table table = create("t", new CompressionPolicy.AgeAfter(Duration.ofDays(1)))) {
            List<StreamRecord> written = append(table, 0, 3 * DAY);
            try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
                manager.run(LifecycleRequest.settleAll());
                assertThat(manager.run(LifecycleRequest.due()).compressedSegments())
                        .as("a day did not pass yet")
                        .isZero();
                long hotBytes = bytes(table, ".q");
                ahead = Duration.ofDays(1).plusMinutes(1);
                LifecycleStats stats = manager.run(LifecycleRequest.due());
                assertThat(stats.errors()).isEmpty();
                assertThat(stats.compressedSegments()).isEqualTo(3);
                assertThat(table.contents().segments()).hasSize(3).allMatch(SegmentEntry::cold);
                assertThat(bytes(table, ".q")).isZero();
                assertThat(bytes(table, ".q.zst")).isBetween(1L, hotBytes / 2);
                assertThat(stats.bytesBefore()).isEqualTo(hotBytes);
                assertThat(stats.bytesAfter()).isEqualTo(bytes(table, ".q.zst"));
            }
            assertThat(read(table, ScanOptions.ALL)).isEqualTo(written);
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
        }
    }

    @Test
    void tablesWithDifferentPoliciesUnderOneRootAreEachMaintainedByTheirOwn() {
        Map<String, CompressionPolicy> policies = Map.of(
                "age", new CompressionPolicy.AgeAfter(Duration.ofDays(1)),
                "custom", CompressionPolicy.custom(SecondDay.class.getName()),
                "idle", new CompressionPolicy.IdleAfter(Duration.ofDays(7), true),
                "immediate", new CompressionPolicy.Immediate(),
                "never", new CompressionPolicy.Never(),
                "size", new CompressionPolicy.SizeThreshold(1 << 20));
        policies.forEach((name, policy) -> {
            try (Table table = create(name, policy)) {
                append(table, 0, 2 * DAY);
            }
        });
        try (ArchiveLifecycle lifecycle = ArchiveLifecycle.open(directory, environment, LifecycleOptions.defaults())) {
            lifecycle.run(LifecycleRequest.settleAll());
            assertThat(compressed(lifecycle)).containsOnly(Map.entry("immediate", 2), Map.entry("custom", 1));
            ahead = Duration.ofDays(2);
            assertThat(compressed(lifecycle)).containsOnly(Map.entry("age", 2));
            try (Table idle = Table.open(directory.resolve("idle"), environment)) {
                PartitionFilter first = PartitionFilter.parse("dt = '2001-01-01'", idle.scheme());
                assertThat(read(idle, ScanOptions.builder().filter(first).build()))
                        .hasSize(DAY);
            }
            ahead = Duration.ofDays(8);
            assertThat(compressed(lifecycle)).as("the other day was read").containsOnly(Map.entry("idle", 1));
            ahead = Duration.ofDays(10);
            assertThat(compressed(lifecycle)).containsOnly(Map.entry("idle", 1));
        }
        for (String name : policies.keySet()) {
            try (Table table = Table.open(directory.resolve(name), environment)) {
                assertThat(read(table, ScanOptions.ALL)).as(name).isEqualTo(records(0, 2 * DAY));
            }
        }
    }

    @Test
    void aTimeRangeIsReadTheSameWayOverHotAndCompressedFilesAndBoth() {
        try (Table table = create("t", new CompressionPolicy.Never());
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            append(table, 0, 2 * DAY);
            manager.run(LifecycleRequest.compressAll());
            append(table, 2 * DAY, DAY);
            manager.run(LifecycleRequest.settleAll());
            append(table, 3 * DAY, DAY);
            Set<Boolean> cold =
                    table.contents().segments().stream().map(SegmentEntry::cold).collect(Collectors.toSet());
            assertThat(cold).containsExactlyInAnyOrder(true, false);
            assertThat(table.contents().hot().records()).isEqualTo(DAY);
            for (int from : List.of(0, 1, DAY - 1, DAY, 2 * DAY - 7, 2 * DAY, 3 * DAY + 5)) {
                for (int to : List.of(DAY, 2 * DAY + 1, 3 * DAY, 4 * DAY)) {
                    if (from < to) {
                        assertRange(table, from, to);
                    }
                }
            }
        }
    }

    private static void assertRange(Table table, int from, int to) {
        for (ReadOrder order : ReadOrder.values()) {
            ScanOptions range = ScanOptions.builder()
                    .order(order)
                    .fromNs(TimeUnit.MILLISECONDS.toNanos(START_MS + from * MINUTE_MS))
                    .toNs(TimeUnit.MILLISECONDS.toNanos(START_MS + to * MINUTE_MS))
                    .build();
            assertThat(read(table, range)).as("%s [%s, %s)", order, from, to).isEqualTo(records(from, to - from));
        }
    }

    /** The rule of the table "custom": whose records are of the second day. */
    public static final class SecondDay implements SegmentRule {
        @Override
        public boolean isDue(SegmentInfo segment, Instant now) {
            return segment.partitionPath().equals("dt=2001-01-02");
        }
    }

    private Table create(String name, CompressionPolicy policy) {
        TableConfig config = TableConfig.builder()
                .compressionPolicy(policy)
                .set(TableOption.DISK_MIN_FREE_BYTES, "0")
                .build();
        return Table.create(directory.resolve(name), BY_DAY.scheme(), config, environment);
    }

    private static List<StreamRecord> append(Table table, int from, int count) {
        List<StreamRecord> records = records(from, count);
        try (TableWriter writer =
                table.writer(WriterOptions.named("w").mapping(BY_DAY).build())) {
            records.forEach(writer::append);
            writer.finish();
        }
        return records;
    }

    private static List<StreamRecord> records(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> StreamRecord.atMillis(START_MS + i * MINUTE_MS)
                        .value(("reading " + i + " of the day").getBytes(StandardCharsets.UTF_8))
                        .build())
                .toList();
    }

    private static List<StreamRecord> read(Table table, ScanOptions options) {
        List<StreamRecord> found = new ArrayList<>();
        try (TableReader reader = table.reader(options)) {
            while (reader.next()) {
                found.add(reader.record().toRecord());
            }
        }
        return found;
    }

    private static Map<String, Integer> compressed(ArchiveLifecycle lifecycle) {
        return lifecycle.run(LifecycleRequest.due()).entrySet().stream()
                .peek(done -> assertThat(done.getValue().errors()).isEmpty())
                .filter(done -> done.getValue().compressedSegments() > 0)
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        done -> Objects.requireNonNull(done.getValue()).compressedSegments()));
    }

    private static long bytes(Table table, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(table.path())) {
            long bytes = 0;
            for (Path file : files.filter(path ->
                            path.toString().endsWith(suffix) && path.toString().contains("dt="))
                    .toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }
}
