package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.CorruptDataException;
import io.firn.error.FormatVersionException;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The records of a store's tables with changed bytes, as if every checksum were right: each is taken or refused as
 * damaged, and nothing else happens. {@code -Dfirn.fuzz} sets how often each decoder runs.
 */
class RecordFuzzTest {
    private static final int EXECUTIONS = Integer.getInteger("firn.fuzz", TestProfile.isStress() ? 1_000_000 : 5_000);
    private static final Path TABLE = Path.of("/archive/metrics/blocks");
    private static final BlockInfo BLOCK = new BlockInfo(1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, BlockEncoding.CHUNKS);

    private static List<ForgedRecord> samples = List.of();
    private static List<ForgedRecord> chunks = List.of();
    private static List<ForgedRecord> blocks = List.of();

    @BeforeAll
    static void makeRecords() {
        InMemoryFileStore files = new InMemoryFileStore(1 << 19, () -> StoreFixture.START);
        StoreFixture fixture = new StoreFixture(files);
        try (SeriesStore store = fixture.open()) {
            StoreAct.prepare(store);
            StoreAct.DELETE.run(store);
            StoreAct.EXPIRE.run(store);
        }
        samples = records(fixture, "samples");
        chunks = records(fixture, "chunks").stream()
                .filter(record -> record.type() != BlockRecords.CHUNKS)
                .toList();
        blocks = records(fixture, "blocks");
    }

    private static List<ForgedRecord> records(StoreFixture fixture, String name) {
        List<ForgedRecord> records = new ArrayList<>();
        try (Table table = Table.open(StoreFixture.ROOT.resolve(name), fixture.environment());
                TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                records.add(ForgedRecord.of(reader.record()));
            }
        }
        return records;
    }

    @Test
    void recordsOfTheHead() {
        fuzz("head", samples, record -> {
            HeadReplay replay = new HeadReplay(TABLE, List.of(), new StoppedDeletions(failure -> {}), 0);
            samples.stream()
                    .filter(one -> one.type() == HeadRecords.SERIES)
                    .limit(3)
                    .forEach(one -> replay.accept("generation=1", one));
            replay.accept("generation=1", record);
            assertThat(replay.head().heapBytes()).isLessThan(1 << 20);
        });
    }

    @Test
    void recordsOfTheIndexOfABlock() {
        fuzz("index", chunks, record -> {
            BlockIndexReader index = new BlockIndexReader(TABLE, BLOCK);
            for (ForgedRecord original : chunks.subList(0, 3)) {
                ForgedRecord next = original.type() == record.type() ? record : original;
                index.take(next, new RecordBytes(next, TABLE, 0));
            }
            if (chunks.stream().noneMatch(original -> original.type() == record.type())) {
                index.take(record, new RecordBytes(record, TABLE, 0));
            }
            assertThat(index.content().heapBytes()).isLessThan(1 << 20);
        });
    }

    @Test
    void recordsOfTheManifest() {
        fuzz("manifest", blocks, record -> {
            ManifestRecord decoded = ManifestCodec.decode(record, TABLE);
            ManifestState state = ManifestState.EMPTY.plus(decoded);
            assertThat(ManifestCodec.typeOf(decoded)).isEqualTo(record.type());
            assertThat(state.blocks().size() + state.tombstones().size()).isLessThanOrEqualTo(1);
        });
    }

    private interface Decoder {
        void take(ForgedRecord record);
    }

    private static void fuzz(String name, List<ForgedRecord> originals, Decoder decoder) {
        originals.forEach(record -> accepts(decoder, record));
        AtomicLong taken = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        Randomized.forAll(EXECUTIONS, random -> {
            (accepts(decoder, changed(random, originals)) ? taken : refused).incrementAndGet();
        });
        System.out.println("fuzz of " + name + " records: " + taken + " taken, " + refused + " refused");
        assertThat(taken.get()).isPositive();
        assertThat(refused.get()).isPositive();
    }

    private static ForgedRecord changed(RandomGenerator random, List<ForgedRecord> originals) {
        ForgedRecord one = originals.get(random.nextInt(originals.size()));
        ForgedRecord other = originals.get(random.nextInt(originals.size()));
        int type = random.nextInt(20) == 0 ? random.nextInt(6) : one.type();
        return new ForgedRecord(type, Mutation.of(random, one.bytes(), 0, other.bytes()));
    }

    private static boolean accepts(Decoder decoder, ForgedRecord record) {
        try {
            decoder.take(record);
            return true;
        } catch (CorruptDataException | FormatVersionException expected) {
            return false;
        }
    }
}
