package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.ConfigException;
import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.StoreCall;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** A reader beside a writer: no lock, nothing missing and nothing twice, whatever the writer does meanwhile. */
class SeriesReaderTest {
    private static final List<LabelMatcher> ALL = List.of(LabelMatcher.regex("s", ".+"));

    private final InMemoryFileStore files = new InMemoryFileStore();
    private final StoreFixture fixture = new StoreFixture(files).with("commit.every", "flush");

    @Test
    void showsWhatIsCommittedWhileTheWriterHasTheStoreOpen() {
        try (SeriesStore store = fixture.open();
                SeriesReader reader = SeriesReader.open(StoreFixture.ROOT, fixture.options())) {
            SeriesModel model = new SeriesModel();
            assertThat(all(reader)).isEmpty();
            write(store, model, batch(0, 100));
            assertThat(all(reader)).as("nothing is committed yet").isEmpty();
            store.flush();
            assertThat(all(reader)).isEqualTo(model.all()).isNotEmpty();
            write(store, model, batch(50, 150));
            store.flush();
            assertThat(all(reader)).isEqualTo(model.all());
            List<LabelMatcher> some = List.of(LabelMatcher.equal("g", "g1"));
            store.delete(some, new TimeRange(10, 60));
            model.delete(some, new TimeRange(10, 60));
            assertThat(all(reader)).isEqualTo(model.all());
            store.cut();
            write(store, model, batch(120, 130));
            store.flush();
            assertThat(all(reader)).isEqualTo(model.all());
            store.compact();
            store.compress();
            assertThat(all(reader)).isEqualTo(model.all());
            TimeRange range = new TimeRange(20, 125);
            assertThat(SeriesModel.lines(reader.select(some, range))).isEqualTo(model.select(some, range));
            assertThat(reader.labelNames()).isEqualTo(store.labelNames());
            assertThat(reader.labelValues("s")).isEqualTo(store.labelValues("s"));
            assertThat(reader.seriesCount()).isEqualTo(store.seriesCount());
            assertThat(reader.timestampUnit()).isEqualTo(TimestampUnit.MILLIS);
        }
    }

    @Test
    void aReaderThatStaysAndANewOneShowTheSameAsAModelAfterRandomOperations() {
        Randomized.forAll(8, random -> {
            StoreFixture random1 = new StoreFixture(new InMemoryFileStore())
                    .with("commit.every", "flush")
                    .with("head.max.samples", "600")
                    .with("cold.after", "1h");
            SeriesModel model = new SeriesModel();
            SeriesStore store = random1.open();
            try (SeriesReader stays = SeriesReader.open(StoreFixture.ROOT, random1.options())) {
                for (int step = 0; step < 80; step++) {
                    store = act(store, random1, model, random);
                    random1.pass(Duration.ofSeconds(random.nextInt(900)));
                    if (random.nextInt(3) == 0) {
                        assertThat(all(stays)).as("step %d", step).isEqualTo(model.all());
                    }
                }
                try (SeriesReader fresh = SeriesReader.open(StoreFixture.ROOT, random1.options())) {
                    assertThat(all(fresh)).isEqualTo(model.all());
                }
            } finally {
                store.close();
            }
        });
    }

    private static SeriesStore act(SeriesStore store, StoreFixture fixture, SeriesModel model, RandomGenerator random) {
        switch (random.nextInt(9)) {
            case 0 -> store.cut();
            case 1 -> store.compact();
            case 2 -> store.maintain();
            case 3 -> store.compress();
            case 4 -> {
                TimeRange range = new TimeRange(random.nextInt(200), 200 + random.nextInt(200));
                List<LabelMatcher> matchers = List.of(LabelMatcher.equal("g", "g" + random.nextInt(3)));
                store.delete(matchers, range);
                model.delete(matchers, range);
            }
            case 5 -> {
                store.close();
                return fixture.open();
            }
            default -> {
                int from = random.nextInt(300);
                write(store, model, batch(from, from + 1 + random.nextInt(90)));
                store.flush();
            }
        }
        return store;
    }

    /** Something happens right before one call of a reader's file store. */
    private static final class Interrupting extends ForwardingFileStore {
        private final Runnable act;
        private long callsLeft;

        Interrupting(FileStore files, long callsBefore, Runnable act) {
            super(files);
            this.callsLeft = callsBefore;
            this.act = act;
        }

        @Override
        protected void before(StoreCall call) {
            if (callsLeft-- == 0) {
                act.run();
            }
        }

        boolean hasHappened() {
            return callsLeft < 0;
        }
    }

    @Test
    void maintenanceAtAnyFileOperationOfAReaderChangesNothingThatItShows() {
        boolean happened = true;
        for (int calls = 0; happened; calls += 1 + calls / 25) {
            StoreFixture writing = new StoreFixture(new InMemoryFileStore());
            try (SeriesStore store = writing.open()) {
                SeriesModel model = StoreAct.prepare(store);
                Interrupting interrupting =
                        new Interrupting(writing.environment().store(), calls, () -> {
                            store.cut();
                            store.compact();
                            store.compress();
                            write(store, model, batch(1_000, 1_001));
                            store.cut();
                        });
                List<String> before = model.all();
                List<String> shown;
                try (SeriesReader reader = SeriesReader.open(
                        StoreFixture.ROOT, writing.on(interrupting).options())) {
                    shown = all(reader);
                    happened = interrupting.hasHappened();
                }
                List<String> after = model.all();
                assertThat(shown).as("before call %d", calls).containsAll(before);
                assertThat(after).as("before call %d", calls).containsSubsequence(shown);
            }
        }
    }

    @Test
    void aSelectionGoesOnBehindItsLastSampleWhenItsBlocksAreRemoved() {
        fixture.with("segment.size", "128KiB");
        try (SeriesStore store = fixture.open()) {
            SeriesModel model = new SeriesModel();
            for (int block = 0; block < 12; block++) {
                write(store, model, wide(1_100 * block, 1_100 * (block + 1)));
                store.cut();
            }
            List<String> expected = model.all();
            for (int stop : List.of(0, 1, 5_000, 13_200, 13_201, 20_000, expected.size() - 1)) {
                try (SeriesReader reader = SeriesReader.open(StoreFixture.ROOT, fixture.options());
                        SeriesCursor cursor = reader.select(ALL, TimeRange.ALL)) {
                    List<String> shown = SeriesModel.lines(cursor, stop, () -> {
                        store.write(wide(-2, -1));
                        store.cut();
                        store.compact();
                        store.delete(ALL, new TimeRange(-2, -1));
                        store.compact();
                    });
                    assertThat(shown).as("stopped after %d", stop).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void damageIsReportedAndNotTakenForMaintenance() {
        try (SeriesStore store = fixture.open()) {
            store.write(wide(0, 3_000));
            store.cut();
        }
        Path damaged = chunkFile();
        try (StoreFile file = files.openWrite(damaged)) {
            long middle = file.sizeBytes() / 3;
            ByteBuffer octet = ByteBuffer.allocate(1);
            file.read(octet, middle);
            octet.put(0, (byte) (octet.get(0) ^ 0x10)).rewind();
            file.write(octet, middle);
        }
        try (SeriesReader reader = SeriesReader.open(StoreFixture.ROOT, fixture.options())) {
            assertThatThrownBy(() -> all(reader))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining(damaged.getFileName().toString());
        }
    }

    private Path chunkFile() {
        Path hot = StoreFixture.ROOT.resolve("chunks/_table/hot");
        return files.list(hot).stream()
                .map(hot::resolve)
                .filter(path -> files.info(path).sizeBytes() > 10_000)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aDirectoryOfStoresIsReadAsOne() {
        Path directory = Path.of("/archive/topic");
        Labels shared = Labels.of("s", "shared");
        for (int number : List.of(2, 10, 0)) {
            try (SeriesStore store = SeriesStore.open(directory.resolve("" + number), fixture.options())) {
                store.write(new SeriesBatch()
                        .add(Labels.of("s", "n" + number), SeriesType.GAUGE, number, number)
                        .add(shared, SeriesType.GAUGE, 7, number)
                        .add(shared, SeriesType.GAUGE, 100 + number, number));
            }
        }
        try (SeriesReader reader = SeriesReader.open(directory, fixture.options())) {
            assertThat(SeriesModel.lines(reader.select(LabelMatcher.equal("s", "shared"))))
                    .extracting(line -> line.substring(line.indexOf("GAUGE ") + 6))
                    .as("of one timestamp the store 10 counts, not 2")
                    .containsExactly("7 " + bits(10), "100 " + bits(0), "102 " + bits(2), "110 " + bits(10));
            assertThat(reader.labelValues("s")).containsExactly("n0", "n10", "n2", "shared");
            assertThat(reader.seriesCount()).isEqualTo(4);
            assertThat(reader.stores()).hasSize(3);
            assertThat(reader.contents().headSamples()).isEqualTo(9);
        }
    }

    private static String bits(double value) {
        return Long.toHexString(Double.doubleToRawLongBits(value));
    }

    @Test
    void saysWhatIsThere() {
        try (SeriesStore store = fixture.open();
                SeriesReader reader = SeriesReader.open(StoreFixture.ROOT, fixture.options())) {
            store.write(wide(0, 100));
            store.cut();
            store.write(wide(50, 200));
            store.cut();
            store.compress();
            store.write(wide(300, 310));
            store.flush();
            store.delete(ALL, new TimeRange(0, 1));
            SeriesContents contents = reader.contents();
            assertThat(contents.coldBlocks()).isEqualTo(2);
            assertThat(contents.warmBlocks()).isZero();
            assertThat(contents.blockSamples()).isEqualTo(500);
            assertThat(contents.headSamples()).isEqualTo(20);
            assertThat(contents.headSeries()).isEqualTo(2);
            assertThat(contents.deletions()).isEqualTo(1);
            assertThat(contents.minTimestamp()).isZero();
            assertThat(contents.maxTimestamp()).isEqualTo(309);
            assertThat(contents.sizeBytes()).isPositive();
        }
    }

    /** What ext4 makes at the root of a disk belongs to root. */
    @Test
    void storesOnADiskOfTheirOwnNeedNoLookIntoLostAndFound() {
        Path disk = Path.of("/disk");
        try (SeriesStore store = SeriesStore.open(disk.resolve("a"), fixture.options())) {
            store.write(wide(0, 1));
        }
        FaultyFileStore closed = new FaultyFileStore(files);
        files.createDirectory(disk.resolve("lost+found"));
        closed.inject(Fault.on(call -> call.path().startsWith(disk.resolve("lost+found")))
                .sticky());
        StoreFixture user = new StoreFixture(closed);
        assertThat(SeriesReader.storesAt(disk, user.environment())).containsExactly(disk.resolve("a"));
        try (SeriesReader reader = SeriesReader.open(disk, user.options())) {
            assertThat(all(reader)).hasSize(2);
        }
    }

    @Test
    void refusesWhatIsNoStoreAndWhatIsClosed() {
        assertThatThrownBy(() -> SeriesReader.open(Path.of("/nothing"), fixture.options()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("/nothing");
        try (SeriesStore store = fixture.open()) {
            store.write(wide(0, 1));
        }
        SeriesReader reader = SeriesReader.open(StoreFixture.ROOT, fixture.options());
        assertThatThrownBy(() -> reader.select(LabelMatcher.notEqual("s", "x"))).isInstanceOf(ConfigException.class);
        reader.close();
        reader.close();
        assertThatThrownBy(reader::labelNames).isInstanceOf(ClosedException.class);
        Path mixed = Path.of("/mixed");
        for (String unit : List.of("s", "ms")) {
            StoreFixture other = new StoreFixture(files).with("timestamp.unit", unit);
            SeriesStore.open(mixed.resolve(unit), other.options()).close();
        }
        assertThatThrownBy(() -> SeriesReader.open(mixed, fixture.options()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("each by itself");
    }

    private static SeriesBatch batch(int from, int to) {
        SeriesBatch batch = new SeriesBatch();
        for (int timestamp = from; timestamp < to; timestamp++) {
            batch.add(StoreFixture.series(timestamp % 5), SeriesType.GAUGE, timestamp, timestamp * 0.5 + to);
        }
        return batch;
    }

    /** Two series with every timestamp. */
    private static SeriesBatch wide(int from, int to) {
        SeriesBatch batch = new SeriesBatch();
        for (int series = 0; series < 2; series++) {
            for (int timestamp = from; timestamp < to; timestamp++) {
                batch.add(StoreFixture.series(series), SeriesType.GAUGE, timestamp, Math.sin(timestamp));
            }
        }
        return batch;
    }

    private static void write(SeriesStore store, SeriesModel model, SeriesBatch batch) {
        store.write(batch);
        model.write(batch);
    }

    private static List<String> all(SeriesReader reader) {
        return new ArrayList<>(SeriesModel.lines(reader.select(ALL, TimeRange.ALL)));
    }
}
