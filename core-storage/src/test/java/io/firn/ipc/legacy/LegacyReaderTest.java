package io.firn.ipc.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.error.InvalidRecordException;
import io.firn.error.NotFoundException;
import io.firn.fs.StoreFile;
import io.firn.ipc.ArchiveLayout;
import io.firn.ipc.ArchiveOptions;
import io.firn.ipc.StreamKey;
import io.firn.record.StreamRecord;
import io.firn.table.TableEnvironment;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.LegacyFixture;
import io.firn.testing.LegacyFixture.Old;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LegacyReaderTest {
    private static final Path ROOT = Path.of("/old");
    private static final StreamKey KEY = StreamKey.of("binance", "BTCUSDT", "2026-01-31", "trades");

    private final InMemoryFileStore store = new InMemoryFileStore();
    private final ArchiveLayout layout = new ArchiveLayout(ROOT);

    @Test
    void theGeneratorWritesWhatTheFormatSays() {
        byte[] record =
                LegacyFixture.encode(new Old(3, 0x0102030405060708L, 0x0A0B, "hello".getBytes(StandardCharsets.UTF_8)));
        assertThat(record).hasSize(128);
        assertThat(HexFormat.of().formatHex(record, 0, 69))
                .isEqualTo("06000000" + "01000000" + "0300000000000000" + "0807060504030201" + "0b0a" + "0000"
                        + "86a61036" + "00".repeat(32) + "68656c6c6f");
        assertThat(HexFormat.of().formatHex(new LegacyFixture(9, true).bytes(), 0, 16))
                .isEqualTo("30474553" + "02000000" + "09000000" + "01000000");
    }

    @Test
    void everyLayoutIsReadHotAndCold() {
        List<Old> all = LegacyFixture.records(0, 300);
        LegacyFixture.writeCold(
                store,
                layout.segment(KEY, 0),
                fixture(0, all.subList(0, 100)).zeros(4096).bytes(),
                4096);
        LegacyFixture.write(
                store,
                layout.segment(KEY, 1),
                fixture(1, all.subList(100, 200)).pad(500).zeros(64).bytes());
        LegacyFixture.write(
                store,
                layout.segment(KEY, 2),
                new LegacyFixture(2, false)
                        .addAll(all.subList(200, 300))
                        .zeros(70_000)
                        .bytes());
        StreamKey single = StreamKey.of("binance", "BTCUSDT", "2026-01-31", "book");
        LegacyFixture.writeCold(
                store, layout.singleFile(single), fixture(77, all).bytes(), 1 << 20);
        StreamKey raw = new StreamKey("binance", Optional.empty(), StreamKey.parseDate("2026-01-31"), "raw");
        LegacyFixture.write(
                store,
                layout.rawDirectory(raw).resolve("000000000.q"),
                fixture(0, all).bytes());

        LegacyArchive.Contents contents = LegacyArchive.open(store, ROOT).contents();
        assertThat(contents.notUnderstood()).isEmpty();
        assertThat(contents.streams())
                .extracting(LegacyStream::key, LegacyStream::layout)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(KEY, LegacyLayout.SEGMENTS),
                        org.assertj.core.groups.Tuple.tuple(single, LegacyLayout.SINGLE_FILE),
                        org.assertj.core.groups.Tuple.tuple(raw, LegacyLayout.RAW));
        for (LegacyStream stream : contents.streams()) {
            assertThat(read(stream)).as("%s", stream).isEqualTo(expected(all));
            assertThat(LegacyArchive.open(store, ROOT).find(stream.key())).containsExactly(stream);
        }
    }

    @Test
    void sequencesThatStartAgainAndFlagsAreKeptInHeaders() {
        byte[] flagged = LegacyFixture.encode(Old.of(0, "flagged"));
        flagged[26] = 5;
        LegacyFixture.write(
                store,
                layout.segment(KEY, 0),
                new LegacyFixture(0, false)
                        .add(Old.of(0, "a"))
                        .add(Old.of(1, "b"))
                        .raw(flagged)
                        .bytes());
        List<StreamRecord> records = read(stream());
        assertThat(records).hasSize(3);
        assertThat(records.get(1).headers()).isEmpty();
        assertThat(records.get(2).headers())
                .extracting(header -> header.name() + "=" + HexFormat.of().formatHex(header.value()))
                .containsExactly("legacy.flags=0500", "legacy.sequence=0000000000000000");
    }

    @Test
    void aSegmentBeingWrittenIsReadToItsLastWholeRecordAndLaterFurther() {
        byte[] half = LegacyFixture.encode(Old.of(2, "half written"));
        Arrays.fill(half, 0, 4, (byte) 0);
        Path path = layout.segment(KEY, 0);
        LegacyFixture start = new LegacyFixture(0, false).add(Old.of(0, "a")).add(Old.of(1, "b"));
        int end = start.bytes().length;
        LegacyFixture.write(store, path, start.raw(half).zeros(1024).bytes());
        try (LegacyReader reader = LegacyArchive.open(store, ROOT).reader(stream());
                StoreFile writer = store.openWrite(path)) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.next()).isTrue();
            assertThat(reader.next()).isFalse();
            writer.write(ByteBuffer.wrap(LegacyFixture.encode(Old.of(2, "half written"))), end);
            assertThat(reader.next()).isTrue();
            assertThat(reader.record()).isEqualTo(Old.of(2, "half written").expected());
            assertThat(reader.next()).isFalse();
        }
    }

    @Test
    void aSegmentThatWasOnlyPreallocatedIsEmpty() {
        LegacyFixture.write(
                store,
                layout.segment(KEY, 0),
                fixture(0, LegacyFixture.records(0, 3)).bytes());
        LegacyFixture.write(store, layout.segment(KEY, 1), new byte[4096]);
        assertThat(read(stream())).hasSize(3);
    }

    @Test
    void everyFlippedBitIsAnErrorOrAnExactPrefixOrLiesInAFieldThatNothingProtects() {
        List<Old> records = LegacyFixture.records(0, 6);
        byte[] sound = fixture(0, records).zeros(128).bytes();
        for (int bit = 0; bit < sound.length * 8; bit++) {
            byte[] flipped = sound.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            checkDamaged(flipped, records, bit / 8);
        }
    }

    @Test
    void everyTruncationIsAnErrorOrAnExactPrefix() {
        List<Old> records = LegacyFixture.records(0, 6);
        byte[] sound = fixture(0, records).bytes();
        int errors = 0;
        for (int length = 1; length < sound.length; length++) {
            errors += checkDamaged(Arrays.copyOf(sound, length), records, -1) ? 1 : 0;
        }
        // Cuts between two records cannot be seen: the old format has no count. What aligns the next one is no content.
        int padding = records.stream()
                .mapToInt(record -> LegacyFixture.encode(record).length - 64 - record.payload().length)
                .sum();
        assertThat(errors).isEqualTo(sound.length - 1 - 6 - padding);
    }

    /** A file that grows by plain writes ends anywhere. */
    @Test
    void aGrowingFileThatEndsWithinARecordIsReadOnLater() {
        List<Old> records = LegacyFixture.records(0, 6);
        byte[] whole = new LegacyFixture(0, false).addAll(records).bytes();
        Path path = layout.segment(KEY, 0);
        for (int length = 64; length <= whole.length; length++) {
            replace(path, Arrays.copyOf(whole, length));
            try (LegacyReader reader = LegacyArchive.open(store, ROOT).reader(stream());
                    StoreFile writer = store.openWrite(path)) {
                List<StreamRecord> found = new ArrayList<>();
                readOn(reader, found);
                assertThat(found)
                        .as("%s bytes", length)
                        .isEqualTo(expected(records).subList(0, found.size()));
                writer.write(ByteBuffer.wrap(whole), 0);
                readOn(reader, found);
                assertThat(found).as("behind %s bytes", length).isEqualTo(expected(records));
            }
        }
    }

    private static void readOn(LegacyReader reader, List<StreamRecord> found) {
        while (reader.next()) {
            found.add(reader.record());
        }
    }

    @Test
    void aGrowingFileThatLostWhatWasReadIsDamaged() {
        byte[] whole =
                new LegacyFixture(0, false).addAll(LegacyFixture.records(0, 6)).bytes();
        Path path = layout.segment(KEY, 0);
        LegacyFixture.write(store, path, whole);
        try (LegacyReader reader = LegacyArchive.open(store, ROOT).reader(stream());
                StoreFile writer = store.openWrite(path)) {
            readOn(reader, new ArrayList<>());
            writer.truncate(200);
            assertThatThrownBy(reader::next).isInstanceOf(CorruptDataException.class);
        }
    }

    /** The old writer died behind the payload and before the commit word; another one went on in the next segment. */
    @Test
    void halfARecordWhosePayloadLooksLikeAnEmptyOneIsTheEndOfItsSegment() {
        List<byte[]> payloads = List.of(
                payload(64).putInt(0, 1).put(4, (byte) 1).putDouble(8, 101.25).array(),
                payload(64).putInt(0, 1).put(4, (byte) 1).array(),
                payload(64)
                        .putInt(0, 1)
                        .put(4, (byte) 1)
                        .putLong(8, 3)
                        .put(6, (byte) 1)
                        .array(),
                payload(64)
                        .putInt(0, 1)
                        .put(4, (byte) 1)
                        .putLong(8, 3)
                        .put(63, (byte) 1)
                        .array(),
                LegacyFixture.encode(new Old(1_000, 5, 2, new byte[8])));
        for (byte[] payload : payloads) {
            byte[] half = LegacyFixture.encode(new Old(3, 1003, 2, payload));
            Arrays.fill(half, 0, 4, (byte) 0);
            replace(
                    layout.segment(KEY, 0),
                    new LegacyFixture(0, false)
                            .addAll(LegacyFixture.records(0, 3))
                            .raw(half)
                            .zeros(4096)
                            .bytes());
            replace(
                    layout.segment(KEY, 1),
                    fixture(1, LegacyFixture.records(3, 6)).bytes());
            assertThat(read(stream())).isEqualTo(expected(LegacyFixture.records(0, 6)));
        }
    }

    private static ByteBuffer payload(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Records 0 and 5 are empty, and in the second half the sequences start again. */
    @Test
    void aRecordOfWhichTheCommitWordIsLostIsFoundByThoseBehindIt() {
        List<Old> records = new ArrayList<>(LegacyFixture.records(0, 6));
        records.addAll(LegacyFixture.records(0, 3));
        byte[] sound = new LegacyFixture(0, false).addAll(records).zeros(4096).bytes();
        int offset = 64;
        for (int lost = 0; lost < records.size() - 1; lost++) {
            byte[] damaged = sound.clone();
            Arrays.fill(damaged, offset, offset + 4, (byte) 0);
            replace(layout.segment(KEY, 0), damaged);
            assertThatThrownBy(() -> read(stream()))
                    .as("record %s", lost)
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining("stands behind it");
            offset += LegacyFixture.encode(records.get(lost)).length;
        }
    }

    @Test
    void aSegmentOfZerosBetweenOthersIsEmptyAndReported() {
        List<Old> records = LegacyFixture.records(0, 6);
        LegacyFixture.write(
                store, layout.segment(KEY, 0), fixture(0, records.subList(0, 3)).bytes());
        LegacyFixture.write(store, layout.segment(KEY, 1), new byte[600_000]);
        LegacyFixture.write(store, layout.segment(KEY, 2), new byte[0]);
        LegacyFixture.write(
                store, layout.segment(KEY, 3), fixture(3, records.subList(3, 6)).bytes());
        assertThat(read(stream())).isEqualTo(expected(records));
        TableEnvironment environment = TableEnvironment.deterministic(store, InstantSource.system());
        Migrator migrator =
                Migrator.open(ROOT, Path.of("/new"), ArchiveOptions.defaults().withEnvironment(environment));
        MigrationReport report = migrator.run();
        assertThat(report.failures()).isEmpty();
        assertThat(report.totalRecords()).isEqualTo(6);
        assertThat(report.remarks())
                .satisfiesExactly(
                        first -> assertThat(first).contains("000000001.q", "zeros only"),
                        second -> assertThat(second).contains("000000002.q"));

        replace(layout.segment(KEY, 1), new byte[63]); // a file was made with its full size: this one was cut
        assertThatThrownBy(() -> read(stream()))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("expected a segment header of 64 bytes, found 63");
        byte[] headless = new byte[600_000];
        headless[599_999] = 1;
        replace(layout.segment(KEY, 1), headless);
        assertThatThrownBy(() -> read(stream()))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("magic");
    }

    @Test
    void everyFlippedByteOfAColdSegmentIsAnErrorOrLiesInAFieldThatNothingProtects() {
        List<Old> records = LegacyFixture.records(0, 40);
        Path hot = layout.segment(KEY, 0);
        LegacyFixture.writeCold(store, hot, fixture(0, records).bytes(), 1024);
        for (String suffix : List.of(".zst", ".zst.idx")) {
            Path path = Path.of(hot + suffix);
            byte[] sound = bytes(path);
            for (int i = 0; i < sound.length; i++) {
                byte[] flipped = sound.clone();
                flipped[i] ^= 0x10;
                replace(path, flipped);
                List<StreamRecord> found = readQuietly();
                if (found != null) {
                    assertThat(found).as("%s byte %s", path, i).hasSize(40);
                    assertThat(found.stream().map(StreamRecord::value))
                            .as("%s byte %s", path, i)
                            .containsExactlyElementsOf(
                                    records.stream().map(Old::payload).toList());
                }
            }
            replace(path, sound);
        }
        assertThat(read(stream())).isEqualTo(expected(records));
    }

    @Test
    void damageBehindTheFirstBlockNamesFileAndOffset() {
        Path hot = layout.segment(KEY, 0);
        LegacyFixture.writeCold(
                store, hot, fixture(0, LegacyFixture.records(0, 200)).bytes(), 4096);
        Path cold = Path.of(hot + ".zst");
        byte[] bytes = bytes(cold);
        bytes[bytes.length - 10] ^= 1;
        replace(cold, bytes);
        assertThatThrownBy(() -> read(stream()))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining(cold.toString())
                .hasMessageContaining("offset");
    }

    @Test
    void aMissingIndexNamesTheRemedy() {
        Path hot = layout.segment(KEY, 0);
        LegacyFixture.writeCold(
                store, hot, fixture(0, LegacyFixture.records(0, 5)).bytes(), 4096);
        store.delete(Path.of(hot + ".zst.idx"));
        assertThatThrownBy(() -> read(stream()))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("000000000.q.zst.idx")
                .hasMessageContaining("zstd -d");
    }

    @Test
    void hotAndColdOfOneIdMustSayTheSame() {
        Path hot = layout.segment(KEY, 0);
        List<Old> records = LegacyFixture.records(0, 5);
        LegacyFixture.write(store, hot, fixture(0, records).zeros(4096).bytes());
        LegacyFixture.writeCold(store, hot, fixture(0, records).bytes(), 1024);
        assertThat(read(stream())).isEqualTo(expected(records));

        store.delete(hot);
        LegacyFixture.write(store, hot, fixture(0, LegacyFixture.records(0, 4)).bytes());
        assertThatThrownBy(() -> read(stream()))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("used the id twice")
                .hasMessageContaining(hot.toString());
    }

    @Test
    void aTimestampThatATableCannotHoldIsRefused() {
        LegacyFixture.write(
                store,
                layout.segment(KEY, 0),
                fixture(0, List.of(new Old(0, -1, 1, new byte[1]))).bytes());
        assertThatThrownBy(() -> read(stream()))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("18446744073709551615")
                .hasMessageContaining("000000000.q offset 64");
    }

    @Test
    void metaJsonIsRead() {
        LegacyFixture.write(
                store,
                layout.segment(KEY, 0),
                fixture(0, LegacyFixture.records(0, 1)).bytes());
        LegacyArchive archive = LegacyArchive.open(store, ROOT);
        assertThat(archive.meta(stream())).isEmpty();
        Path meta = layout.streamDirectory(KEY).resolve("meta.json");
        LegacyFixture.write(
                store,
                meta,
                ("{\"symbol_code\":\"BTC\",\"venue\":\"binance\",\"ingest_time_ns\":123,"
                                + "\"event_time_range\":[1,2],\"completeness\":\"full\",\"more\":1}")
                        .getBytes(StandardCharsets.UTF_8));
        LegacyMeta found = archive.meta(stream()).orElseThrow();
        assertThat(found.symbolCode()).contains("BTC");
        assertThat(found.venue()).contains("binance");
        assertThat(found.ingestTimeNs()).contains(123L);
        assertThat(found.eventTimeRange()).contains("[1,2]");
        assertThat(found.completeness()).contains("full");
        store.delete(meta);
        LegacyFixture.write(store, meta, "{".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> archive.meta(stream()))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("meta.json");
    }

    @Test
    void saysWhereItLookedForAnArchive() {
        assertThatThrownBy(() -> LegacyArchive.open(store, ROOT))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("/old/v1")
                .hasMessageContaining("/old/raw/v1");
    }

    /** Returns whether it was an error. */
    private boolean checkDamaged(byte[] content, List<Old> records, int damagedByte) {
        Path path = layout.segment(KEY, 0);
        store.delete(path);
        LegacyFixture.write(store, path, content);
        List<StreamRecord> found = readQuietly();
        if (found == null) {
            return true;
        }
        List<StreamRecord> expected = expected(records);
        int offset = 64;
        for (int i = 0; i < found.size(); i++) {
            int inRecord = damagedByte - offset;
            boolean unprotected = (inRecord >= 8 && inRecord < 28);
            if (!unprotected) {
                assertThat(found.get(i))
                        .as("byte %s, record %s", damagedByte, i)
                        .isEqualTo(expected.get(i));
            } else {
                assertThat(found.get(i).value()).isEqualTo(expected.get(i).value());
            }
            offset += LegacyFixture.encode(records.get(i)).length;
        }
        if (damagedByte >= 0) {
            // Of a growing segment, a commit word that became 0 hides the last record.
            assertThat(found).as("byte %s", damagedByte).hasSizeBetween(5, 6);
        }
        return false;
    }

    private @Nullable List<StreamRecord> readQuietly() {
        try {
            return read(stream());
        } catch (FirnException damaged) {
            assertThat(damaged.getMessage()).contains("000000000.q");
            return null;
        }
    }

    private LegacyStream stream() {
        return new LegacyStream(KEY, LegacyLayout.SEGMENTS, layout.streamDirectory(KEY));
    }

    private List<StreamRecord> read(LegacyStream stream) {
        List<StreamRecord> found = new ArrayList<>();
        try (LegacyReader reader = LegacyArchive.open(store, ROOT).reader(stream)) {
            while (reader.next()) {
                assertThat(reader.number()).isEqualTo(found.size());
                found.add(reader.record());
            }
        }
        return found;
    }

    private static LegacyFixture fixture(long id, List<Old> records) {
        return new LegacyFixture(id, true).addAll(records);
    }

    private static List<StreamRecord> expected(List<Old> records) {
        return records.stream().map(Old::expected).toList();
    }

    private byte[] bytes(Path path) {
        try (StoreFile file = store.openRead(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.sizeBytes());
            file.read(bytes, 0);
            return bytes.array();
        }
    }

    private void replace(Path path, byte[] content) {
        if (store.exists(path)) {
            store.delete(path);
        }
        LegacyFixture.write(store, path, content);
    }
}
