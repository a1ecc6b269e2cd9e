package io.firn.ipc.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.fs.StoreFile;
import io.firn.ipc.Archive;
import io.firn.ipc.ArchiveLayout;
import io.firn.ipc.ArchiveOptions;
import io.firn.ipc.ArchiveReader;
import io.firn.ipc.StreamKey;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.record.StreamRecord;
import io.firn.table.Isolation;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.testing.CrashFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.LegacyFixture;
import io.firn.testing.LegacyFixture.Old;
import io.firn.testing.OwnThread;
import io.firn.testing.SimulatedCrash;
import io.firn.testing.StoreOperation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MigratorTest {
    private static final Path OLD = Path.of("/old");
    private static final Path TABLE = Path.of("/new");
    private static final StreamKey KEY = StreamKey.of("binance", "BTCUSDT", "2026-01-31", "trades");
    private static final StreamKey SINGLE = StreamKey.of("binance", "BTCUSDT", "2026-01-31", "book");
    private static final StreamKey RAW =
            new StreamKey("binance", Optional.empty(), StreamKey.parseDate("2026-01-31"), "raw");
    private static final ArchiveLayout LAYOUT = new ArchiveLayout(OLD);
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_000_000));

    @TempDir
    Path directory;

    @Test
    void everyLayoutIsMigratedOnceHoweverOftenItIsRun() {
        InMemoryFileStore store = new InMemoryFileStore();
        writeOld(store, 300);
        MigrationReport first = migrate(store);
        assertThat(first.failures()).isEmpty();
        assertThat(first.migratedRecords()).isEqualTo(900);
        for (int i = 0; i < 2; i++) {
            MigrationReport again = migrate(store);
            assertThat(again.isComplete()).isTrue();
            assertThat(again.migratedRecords()).isZero();
            assertThat(again.totalRecords()).isEqualTo(900);
        }
        for (StreamKey key : List.of(KEY, SINGLE, RAW)) {
            assertThat(read(store, key)).as("%s", key).isEqualTo(expected(300));
        }
    }

    @Test
    void positionsAndMetaStandWithTheWriterOfEachStream() {
        InMemoryFileStore store = new InMemoryFileStore();
        writeOld(store, 30);
        LegacyFixture.write(
                store,
                LAYOUT.streamDirectory(KEY).resolve("meta.json"),
                "{\"venue\":\"binance\"}".getBytes(StandardCharsets.UTF_8));
        migrate(store);
        try (Table table = Table.open(TABLE, environment(store))) {
            assertThat(table.lanes())
                    .extracting(LaneInfo::writer, LaneInfo::position)
                    .containsExactlyInAnyOrder(
                            org.assertj.core.groups.Tuple.tuple(
                                    "legacy@" + KEY.partition().toPath(), 30L),
                            org.assertj.core.groups.Tuple.tuple(
                                    "legacy-file@" + SINGLE.partition().toPath(), 30L),
                            org.assertj.core.groups.Tuple.tuple(
                                    "legacy-raw@" + RAW.partition().toPath(), 30L));
            assertThat(table.lanes().stream().filter(lane -> lane.writer().startsWith("legacy@")))
                    .allSatisfy(lane -> assertThat(lane.properties())
                            .containsEntry(StreamMigration.META_PROPERTY, "{\"venue\":\"binance\"}")
                            .containsEntry(
                                    StreamMigration.SOURCE_PROPERTY,
                                    LAYOUT.streamDirectory(KEY).toString()));
        }
    }

    @Test
    void aPowerLossAtAnyStepLosesAndRepeatsNothing() {
        CrashFileStore sound = new CrashFileStore();
        writeOld(sound, 12);
        long before = sound.mutationCount();
        migrate(sound);
        long steps = sound.mutationCount() - before;
        assertThat(steps).isGreaterThan(50);
        for (long step = 1; step <= steps; step++) {
            SplittableRandom random = new SplittableRandom(step);
            CrashFileStore machine = new CrashFileStore();
            writeOld(machine, 12);
            machine.crashAt(step);
            try {
                migrate(machine);
            } catch (SimulatedCrash | io.firn.error.ClosedException powerFailed) {
                assertThat(machine.isDown()).isTrue();
            }
            CrashFileStore restarted = machine.crash(random);
            MigrationReport report = migrate(restarted);
            assertThat(report.failures()).as("step %s", step).isEmpty();
            assertThat(report.totalRecords()).isEqualTo(36);
            for (StreamKey key : List.of(KEY, SINGLE, RAW)) {
                assertThat(read(restarted, key)).as("step %s", step).isEqualTo(expected(12));
            }
            assertThat(report.migratedRecords()).isLessThanOrEqualTo(36);
        }
    }

    @Test
    void whatTheOldSystemAddsAndCompressesComesWithTheNextRun() {
        InMemoryFileStore store = new InMemoryFileStore();
        List<Old> all = LegacyFixture.records(0, 90);
        Path first = LAYOUT.segment(KEY, 0);
        LegacyFixture.write(
                store,
                first,
                new LegacyFixture(0, false)
                        .addAll(all.subList(0, 20))
                        .zeros(640)
                        .bytes());
        assertThat(migrate(store).migratedRecords()).isEqualTo(20);

        byte[] sealed = new LegacyFixture(0, true).addAll(all.subList(0, 40)).bytes();
        store.delete(first);
        LegacyFixture.writeCold(store, first, sealed, 1024);
        LegacyFixture.write(
                store,
                LAYOUT.segment(KEY, 1),
                new LegacyFixture(1, true).addAll(all.subList(40, 90)).bytes());
        assertThat(migrate(store).migratedRecords()).isEqualTo(70);
        assertThat(read(store, KEY)).isEqualTo(expected(90));
    }

    @Test
    void afterItsFirstRunAMigratorReadsOnlyWhatIsNew() {
        ForwardingFileStore store = new ForwardingFileStore(new InMemoryFileStore());
        AtomicInteger reads = new AtomicInteger();
        store.runBefore(
                call -> call.operation() == StoreOperation.READ && call.path().startsWith(OLD), reads::incrementAndGet);
        List<Old> all = LegacyFixture.records(0, 20_000);
        LegacyFixture.writeCold(
                store,
                LAYOUT.segment(KEY, 0),
                new LegacyFixture(0, true).addAll(all.subList(0, 9_000)).bytes(),
                64 << 10);
        byte[] begun =
                new LegacyFixture(1, false).addAll(all.subList(9_000, 18_000)).bytes();
        Path hot = LAYOUT.segment(KEY, 1);
        LegacyFixture.write(store, hot, Arrays.copyOf(begun, begun.length + (4 << 20)));
        Migrator migrator = Migrator.open(OLD, TABLE, options(store));
        assertThat(migrator.run().migratedRecords()).isEqualTo(18_000);
        assertThat(reads.getAndSet(0)).isGreaterThan(40);

        for (int look = 0; look < 3; look++) {
            assertThat(migrator.run().isComplete()).isTrue();
        }
        assertThat(reads.getAndSet(0)).isLessThanOrEqualTo(3 * 2);

        long end = begun.length;
        for (int i = 18_000; i < 18_050; i++) {
            byte[] record = LegacyFixture.encode(all.get(i));
            try (StoreFile file = store.openWrite(hot)) {
                file.write(ByteBuffer.wrap(record), end);
            }
            end += record.length;
            assertThat(migrator.run().migratedRecords()).isEqualTo(1);
        }
        assertThat(reads.getAndSet(0)).isLessThanOrEqualTo(50 * 8);

        // Sealed and followed by another one, then compressed: each once more from the last record on.
        byte[] sealed =
                new LegacyFixture(1, true).addAll(all.subList(9_000, 18_050)).bytes();
        replace(store, hot, sealed);
        LegacyFixture.write(
                store,
                LAYOUT.segment(KEY, 2),
                new LegacyFixture(2, false)
                        .addAll(all.subList(18_050, 18_060))
                        .zeros(6400)
                        .bytes());
        assertThat(migrator.run().migratedRecords()).isEqualTo(10);
        LegacyFixture.writeCold(store, hot, sealed, 64 << 10);
        store.delete(hot);
        assertThat(migrator.run().migratedRecords()).isZero();
        assertThat(reads.get()).isLessThanOrEqualTo(20);
        assertThat(migrator.run().failures()).isEmpty();
        assertThat(read(store, KEY)).isEqualTo(expected(18_060));
        assertThat(migrate(store).migratedRecords()).isZero();
    }

    @Test
    void aFollowingRunReadsEverythingAgainWhenAnIdIsUsedTwiceOrAFileIsReplaced() {
        InMemoryFileStore store = new InMemoryFileStore();
        List<Old> all = LegacyFixture.records(0, 60);
        Path first = LAYOUT.segment(KEY, 0);
        LegacyFixture.writeCold(
                store,
                first,
                new LegacyFixture(0, true).addAll(all.subList(0, 20)).bytes(),
                1024);
        Path second = LAYOUT.segment(KEY, 1);
        LegacyFixture.write(
                store,
                second,
                new LegacyFixture(1, false).addAll(all.subList(20, 30)).bytes());
        Migrator migrator = Migrator.open(OLD, TABLE, options(store));
        assertThat(migrator.run().migratedRecords()).isEqualTo(30);

        byte[] twice = new LegacyFixture(0, false).addAll(all.subList(40, 50)).bytes();
        LegacyFixture.write(store, first, twice);
        assertThat(migrator.run().failures()).singleElement().asString().contains("used the id twice");
        store.delete(first);
        assertThat(migrator.run().isComplete()).isTrue();

        byte[] other = new LegacyFixture(1, false).addAll(all.subList(20, 40)).bytes();
        int last = new LegacyFixture(1, false).addAll(all.subList(20, 29)).bytes().length;
        other[last + 16] ^= 1; // the timestamp, which no checksum of the old format protects
        replace(store, second, other);
        assertThat(migrator.run().failures()).singleElement().asString().contains("the file was replaced");
        assertThat(migrator.run().failures()).singleElement().asString().contains("is not the one that was migrated");
        assertThat(read(store, KEY)).isEqualTo(expected(30));
    }

    @Test
    void anotherArchiveIsNotTakenForTheOneThatWasMigrated() {
        InMemoryFileStore store = new InMemoryFileStore();
        LegacyFixture.write(
                store,
                LAYOUT.segment(KEY, 0),
                new LegacyFixture(0, true).addAll(LegacyFixture.records(0, 9)).bytes());
        migrate(store);
        store.delete(LAYOUT.segment(KEY, 0));
        LegacyFixture.write(
                store,
                LAYOUT.segment(KEY, 0),
                new LegacyFixture(0, true).addAll(LegacyFixture.records(1, 20)).bytes());
        assertThat(migrate(store).failures())
                .singleElement()
                .asString()
                .contains("record 8 is not the one that was migrated before", "table of its own");
        store.delete(LAYOUT.segment(KEY, 0));
        LegacyFixture.write(
                store,
                LAYOUT.segment(KEY, 0),
                new LegacyFixture(0, true).addAll(LegacyFixture.records(0, 5)).bytes());
        assertThat(migrate(store).failures())
                .singleElement()
                .asString()
                .contains(
                        "expected at least the 9 records",
                        LAYOUT.streamDirectory(KEY).toString());
        assertThat(read(store, KEY)).isEqualTo(expected(9));
    }

    @Test
    void aDamagedStreamStopsAtTheDamageAndNoOtherStream() {
        InMemoryFileStore store = new InMemoryFileStore();
        writeOld(store, 30);
        Path path = LAYOUT.segment(KEY, 1);
        byte[] sound =
                new LegacyFixture(1, true).addAll(LegacyFixture.records(15, 30)).bytes();
        byte[] damaged = sound.clone();
        int payload = 64 + 64 + LegacyFixture.encode(Old.of(15, "")).length;
        damaged[payload + 2] ^= 1;
        replace(store, path, damaged);
        MigrationReport report = migrate(store);
        assertThat(report.failures())
                .singleElement()
                .asString()
                .contains(path.toString(), "offset", "CRC32", "restore");
        assertThat(read(store, SINGLE)).isEqualTo(expected(30));
        assertThat(read(store, KEY)).isEqualTo(expected(30).subList(0, 16));
        replace(store, path, sound);
        assertThat(migrate(store).migratedRecords()).isEqualTo(14);
        assertThat(read(store, KEY)).isEqualTo(expected(30));
    }

    @Test
    void whatHasNoValidNameIsReported() {
        InMemoryFileStore store = new InMemoryFileStore();
        LegacyFixture.write(
                store, OLD.resolve("v1/binance/BTC/yesterday/trades/000000000.q"), new LegacyFixture(0, true).bytes());
        assertThat(migrate(store).failures())
                .singleElement()
                .asString()
                .contains("/old/v1/binance/BTC/yesterday", "YYYY-MM-DD");
    }

    @Test
    void newArchivesAreWrittenMeanwhileAndTheirRecordsComeAfterTheMigratedOnes() {
        InMemoryFileStore store = new InMemoryFileStore();
        writeOld(store, 10);
        ArchiveOptions options = options(store);
        try (Archive archive = Archive.open(TABLE, KEY, options)) {
            archive.append(1, 5, "new".getBytes(StandardCharsets.UTF_8));
            archive.commit();
            assertThat(migrate(store).migratedRecords()).isEqualTo(30);
        }
        assertThat(read(store, KEY)).hasSize(11).startsWith(expected(10).toArray(StreamRecord[]::new));
    }

    @Test
    void twoMigrationsDoNotWorkOnOneStreamAtOnce() {
        InMemoryFileStore store = new InMemoryFileStore();
        writeOld(store, 10);
        Migrator migrator = Migrator.open(OLD, TABLE, options(store));
        String writer = LegacyLayout.SEGMENTS.writer();
        try (var held = migrator.table()
                .writer(io.firn.table.WriterOptions.named(writer)
                        .partition(KEY.partition())
                        .build())) {
            assertThat(held.position()).isZero();
            assertThat(migrator.run().failures()).singleElement().asString().contains("is open in another place");
        }
        assertThat(migrator.run().isComplete()).isTrue();
        assertThat(read(store, KEY)).isEqualTo(expected(10));
    }

    @Test
    @Timeout(120)
    void nothingIsMissingOrTwiceWhileAReaderLoopsAndTheOldWriterAppends() throws Exception {
        int count = 4_000;
        FileStore store = LocalFileStore.open(IoMode.AUTO);
        ArchiveOptions options = ArchiveOptions.defaults();
        OldWriter writer = new OldWriter(store, directory.resolve("old"), count);
        writer.roll();
        Migrator migrator = Migrator.open(directory.resolve("old"), directory.resolve("new"), options);
        CompletableFuture<Void> writing = OwnThread.run(writer::run);
        List<StreamRecord> seen = new ArrayList<>();
        try (ArchiveReader reader = ArchiveReader.open(migrator.table(), KEY, Isolation.READ_COMMITTED)) {
            boolean last;
            do {
                last = writing.isDone();
                MigrationReport report = migrator.run();
                assertThat(report.failures()).isEmpty();
                writer.migrations.incrementAndGet();
                while (reader.next()) {
                    seen.add(reader.record().toRecord());
                }
            } while (!last);
        } finally {
            writer.migrations.set(Integer.MAX_VALUE);
        }
        writing.get(1, TimeUnit.SECONDS);
        assertThat(seen).isEqualTo(expected(count));
        assertThat(migrator.run().migratedRecords()).isZero();
    }

    @Test
    void oldFilesAreNotTouched() throws IOException {
        FileStore store = LocalFileStore.open(IoMode.AUTO);
        ArchiveLayout layout = new ArchiveLayout(directory.resolve("old"));
        LegacyFixture.writeCold(
                store,
                layout.segment(KEY, 0),
                new LegacyFixture(0, true).addAll(LegacyFixture.records(0, 50)).bytes(),
                1024);
        LegacyFixture.write(
                store,
                layout.segment(KEY, 1),
                new LegacyFixture(1, false)
                        .addAll(LegacyFixture.records(50, 60))
                        .bytes());
        Map<String, String> before = fingerprint(directory.resolve("old"));
        MigrationReport report = Migrator.open(
                        directory.resolve("old"), directory.resolve("new"), ArchiveOptions.defaults())
                .run();
        assertThat(report.migratedRecords()).isEqualTo(60);
        assertThat(fingerprint(directory.resolve("old"))).isEqualTo(before).hasSize(3);
    }

    @Test
    void rollingBackIsDecompressingEverythingAndGoingOnWithTheOldArchive() {
        InMemoryFileStore store = new InMemoryFileStore();
        writeOld(store, 40);
        migrate(store);
        try (Table table = Table.open(TABLE, environment(store));
                LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            assertThat(lifecycle.run(LifecycleRequest.compressAll()).errors()).isEmpty();
            assertThat(read(store, KEY)).isEqualTo(expected(40));
            assertThat(lifecycle.run(LifecycleRequest.decompressAll()).decompressedSegments())
                    .isEqualTo(3);
            assertThat(read(store, KEY)).isEqualTo(expected(40));
        }
        try (LegacyReader reader = LegacyArchive.open(store, OLD)
                .reader(LegacyArchive.open(store, OLD).find(KEY).get(0))) {
            int records = 0;
            while (reader.next()) {
                records++;
            }
            assertThat(records).isEqualTo(40);
        }
        assertThat(migrate(store).migratedRecords()).isZero();
    }

    /** The old system's writer: payload first, commit length last, a new segment now and then, the old one compressed. */
    private static final class OldWriter {
        private static final int SEGMENT_RECORDS = 700;

        private final FileStore store;
        private final ArchiveLayout layout;
        private final List<Old> records;
        private final AtomicInteger migrations = new AtomicInteger();
        private long id = -1;
        private int first;

        OldWriter(FileStore store, Path root, int count) {
            this.store = store;
            this.layout = new ArchiveLayout(root);
            this.records = LegacyFixture.records(0, count);
        }

        void roll() {
            id++;
            byte[] empty =
                    new LegacyFixture(id, false).zeros(SEGMENT_RECORDS * 320).bytes();
            LegacyFixture.write(store, layout.segment(KEY, id), empty);
        }

        void run() {
            long offset = 64;
            for (int i = 0; i < records.size(); i++) {
                if (i - first == SEGMENT_RECORDS) {
                    long done = id;
                    seal(done);
                    roll();
                    compress(done, records.subList(first, i));
                    first = i;
                    offset = 64;
                }
                offset += append(offset, records.get(i));
                while (migrations.get() < i / 500) {
                    Thread.onSpinWait(); // a run of the migration for every 500 records
                }
            }
        }

        private int append(long offset, Old record) {
            byte[] bytes = LegacyFixture.encode(record);
            try (StoreFile file = store.openWrite(layout.segment(KEY, id))) {
                file.write(ByteBuffer.wrap(bytes, 4, bytes.length - 4), offset + 4);
                file.write(ByteBuffer.wrap(bytes, 0, 4), offset);
            }
            return bytes.length;
        }

        private void seal(long done) {
            try (StoreFile file = store.openWrite(layout.segment(KEY, done))) {
                file.write(ByteBuffer.wrap(new byte[] {1}), 12);
            }
        }

        private void compress(long done, List<Old> content) {
            byte[] sealed = new LegacyFixture(done, true).addAll(content).bytes();
            Path hot = layout.segment(KEY, done);
            LegacyFixture.writeCold(store, Path.of(hot + ".tmp"), sealed, 64 << 10);
            Path cold = Path.of(hot + ".zst");
            store.rename(Path.of(hot + ".tmp.zst.idx"), Path.of(cold + ".idx"));
            store.rename(Path.of(hot + ".tmp.zst"), cold);
            store.delete(hot);
        }
    }

    private static void writeOld(FileStore store, int count) {
        List<Old> all = LegacyFixture.records(0, count);
        LegacyFixture.writeCold(
                store,
                LAYOUT.segment(KEY, 0),
                new LegacyFixture(0, true).addAll(all.subList(0, count / 2)).bytes(),
                4096);
        LegacyFixture.write(
                store,
                LAYOUT.segment(KEY, 1),
                new LegacyFixture(1, false)
                        .addAll(all.subList(count / 2, count))
                        .zeros(640)
                        .bytes());
        LegacyFixture.write(
                store,
                LAYOUT.singleFile(SINGLE),
                new LegacyFixture(0, true).addAll(all).bytes());
        LegacyFixture.write(
                store,
                LAYOUT.rawDirectory(RAW).resolve("000000000.q"),
                new LegacyFixture(0, true).addAll(all).bytes());
    }

    private static void replace(FileStore store, Path path, byte[] content) {
        store.delete(path);
        LegacyFixture.write(store, path, content);
    }

    private static MigrationReport migrate(FileStore store) {
        return Migrator.open(OLD, TABLE, options(store)).run();
    }

    private static ArchiveOptions options(FileStore store) {
        return ArchiveOptions.defaults()
                .withConfig(TableConfig.builder().segmentSizeBytes(64 << 10).build())
                .withEnvironment(environment(store))
                .withCommitInterval(Duration.ZERO);
    }

    private static TableEnvironment environment(FileStore store) {
        return TableEnvironment.deterministic(store, CLOCK);
    }

    private static List<StreamRecord> read(FileStore store, StreamKey key) {
        List<StreamRecord> found = new ArrayList<>();
        try (Table table = Table.open(TABLE, environment(store));
                ArchiveReader reader = ArchiveReader.open(table, key, Isolation.READ_COMMITTED)) {
            while (reader.next()) {
                found.add(reader.record().toRecord());
            }
        }
        return found;
    }

    private static List<StreamRecord> expected(int count) {
        return LegacyFixture.records(0, count).stream().map(Old::expected).toList();
    }

    private static Map<String, String> fingerprint(Path root) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                found.put(
                        file.toString(),
                        Files.getLastModifiedTime(file) + " " + Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return found;
    }
}
