package io.firn.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.crash.KilledLifecycle.Operation;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.ipc.ArchiveLayout;
import io.firn.ipc.StreamKey;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.log.SegmentEntry;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.ForkedJvm;
import io.firn.testing.LegacyFixture;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code kill -9} in the middle of each operation of the lifecycle, on real files: before and after the next run every
 * record is there once, or its partition is gone as a whole and stays so.
 */
class LifecycleKillTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int KILLS = Integer.getInteger("firn.lifecycle.kills", TestProfile.isStress() ? 1_000 : 5);
    private static final int ROUNDS = 3;
    private static final int RECORDS = 35;
    private static final List<String> WRITERS = List.of("a", "b");
    private static final StreamKey STREAM = StreamKey.of("binance", "BTCUSDT", "2026-01-31", "trades");

    private final AtomicInteger tables = new AtomicInteger();

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void losesNothingAndIsDoneByTheNextRun(Operation operation) {
        AtomicLong changes = new AtomicLong();
        Path counted = prepared(operation);
        assertThat(operation.run(KilledLifecycle.counting(changes::incrementAndGet), counted))
                .isEmpty();
        Map<String, List<Long>> done = content(counted);
        assertThat(changes.get()).isGreaterThan(10);
        Randomized.forAll(KILLS, random -> killAndRunAgain(operation, done, changes.get(), random));
        System.out.println("kill -9 in " + operation + ": " + KILLS + ", at one of " + changes + " changes of files");
    }

    private void killAndRunAgain(
            Operation operation, Map<String, List<Long>> done, long changes, RandomGenerator random)
            throws IOException {
        Path path = prepared(operation);
        long change = 1 + random.nextLong(changes);
        try (ForkedJvm process = ForkedJvm.of(KilledLifecycle.class, directory)
                .arguments(operation, path, change)
                .start()) {
            process.awaitLine(KilledLifecycle.STOPPED::equals, TIMEOUT);
            process.kill();
        }
        if (operation != Operation.MIGRATE) {
            checkKilled(operation, content(path), done);
        }
        assertThat(operation.run(LocalFileStore.open(IoMode.MMAP), path))
                .as("next run after %s", change)
                .isEmpty();
        assertThat(content(path))
                .as("after the next run, killed before change %s", change)
                .isEqualTo(done);
        if (operation != Operation.MIGRATE) {
            maintain(path, LifecycleRequest.compressAll());
            maintain(path, LifecycleRequest.compact());
            assertThat(content(path))
                    .as("for ever, killed before change %s", change)
                    .isEqualTo(done);
        }
        checkFiles(path, operation == Operation.MIGRATE);
    }

    /** Nothing is missing but whole partitions, and those only where they are being removed. */
    private static void checkKilled(Operation operation, Map<String, List<Long>> seen, Map<String, List<Long>> done) {
        List<Long> all = LongStream.range(0, (long) ROUNDS * RECORDS).boxed().toList();
        for (String writer : WRITERS) {
            List<Long> found = seen.getOrDefault(writer, List.of());
            if (operation.removes()) {
                assertThat(found).isSorted().doesNotHaveDuplicates().containsAll(done.getOrDefault(writer, List.of()));
                assertThat(all).containsAll(found);
            } else {
                assertThat(found).isEqualTo(all);
            }
            if (operation.removesPartitions()) {
                checkWholePartitions(found);
            }
        }
    }

    private static void checkWholePartitions(List<Long> found) {
        for (int key = 0; key < KilledWriter.KEYS; key++) {
            int partition = key;
            long ofKey = found.stream()
                    .filter(sequence -> sequence % KilledWriter.KEYS == partition)
                    .count();
            assertThat(ofKey).isIn(0L, (long) ROUNDS * RECORDS / KilledWriter.KEYS);
        }
    }

    /** A table with small files of every kind that the operation works on, or the archive to migrate. */
    private Path prepared(Operation operation) {
        Path path = directory.resolve("table" + tables.incrementAndGet());
        if (operation == Operation.MIGRATE) {
            for (int segment = 0; segment < ROUNDS; segment++) {
                LegacyFixture.write(
                        LocalFileStore.open(IoMode.MMAP),
                        new ArchiveLayout(KilledLifecycle.oldArchive(path)).segment(STREAM, segment),
                        new LegacyFixture(segment, true)
                                .addAll(LegacyFixture.records(segment * RECORDS, (segment + 1) * RECORDS))
                                .bytes());
            }
            return path;
        }
        TableConfig config = TableConfig.builder().segmentSizeBytes(64 << 10).build();
        Table.create(path, KilledWriter.MAPPING.scheme(), config).close();
        for (int round = 0; round < ROUNDS; round++) {
            write(path);
            if (round == 0 || operation == Operation.DECOMPRESS) {
                maintain(path, LifecycleRequest.compressAll());
            } else if (round == 1 || operation == Operation.COMPACT) {
                maintain(path, LifecycleRequest.settleAll());
            }
        }
        return path;
    }

    private static void write(Path path) {
        try (Table table = Table.open(path)) {
            for (String name : WRITERS) {
                try (TableWriter writer = table.writer(
                        WriterOptions.named(name).mapping(KilledWriter.MAPPING).build())) {
                    for (int i = 0; i < RECORDS; i++) {
                        writer.append(KilledWriter.record(writer.nextSequence()));
                    }
                    writer.finish();
                }
            }
        }
    }

    private static void maintain(Path path, LifecycleRequest request) {
        assertThat(KilledLifecycle.maintain(TableEnvironment.system(), path, request))
                .isEmpty();
    }

    /** Sequences by writer, in the order of reading; the content of each record is checked. */
    private static Map<String, List<Long>> content(Path path) {
        Map<String, List<Long>> content = new TreeMap<>();
        try (Table table = Table.open(path);
                TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                long sequence = reader.record().sequence();
                boolean migrated = !WRITERS.contains(reader.writer());
                assertThat(reader.record().toRecord())
                        .isEqualTo(
                                migrated
                                        ? LegacyFixture.records((int) sequence, (int) sequence + 1)
                                                .get(0)
                                                .expected()
                                        : KilledWriter.record(sequence));
                content.computeIfAbsent(reader.writer(), any -> new ArrayList<>())
                        .add(sequence);
            }
        }
        return content;
    }

    private static void checkFiles(Path path, boolean ofWriters) throws IOException {
        try (Table table = Table.open(path);
                Stream<Path> files = Files.walk(path)) {
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
            List<String> found = files.filter(Files::isRegularFile)
                    .map(file -> path.relativize(file).toString())
                    .toList();
            assertThat(found).noneMatch(file -> file.startsWith("_table/tmp/"));
            List<String> named =
                    table.contents().segments().stream().map(SegmentEntry::path).toList();
            List<String> segments = found.stream()
                    .filter(file -> file.endsWith(".q") || file.endsWith(".q.zst"))
                    .toList();
            if (ofWriters) {
                assertThat(TableVerifier.verify(table).notes()).isEmpty();
            } else {
                assertThat(segments).containsExactlyInAnyOrderElementsOf(named);
            }
        }
    }
}
