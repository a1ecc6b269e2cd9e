package io.firn.segment;

import static io.firn.segment.SegmentFixture.all;
import static io.firn.segment.SegmentFixture.plain;
import static io.firn.segment.SegmentFixture.randomLane;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.error.FormatVersionException;
import io.firn.error.StorageFullException;
import io.firn.error.StorageIoException;
import io.firn.fs.StoreFile;
import io.firn.segment.SegmentFixture.Entry;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentCompressionTest {
    private static final List<Entry> ENTRIES = randomLane(new Random(42), "main", 200, 300);

    @Test
    void decompressGivesBackTheSameBytes() {
        Randomized.forAll(20, random -> {
            List<Entry> entries = randomLane(random, "main", random.nextInt(400), 300);
            SegmentFixture fixture = ColdFixture.sealed(SegmentFixture.mixed(), entries);
            ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
            long size = decompress(fixture);
            assertThat(fixture.bytes(ColdFixture.RESTORED)).isEqualTo(fixture.bytes());
            assertThat(size).isEqualTo(fixture.bytes().length);
            assertThat(fixture.pool.outstandingCount()).isZero();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {4 << 10, 64 << 10, 256 << 10, 1 << 20})
    void blocksOfEverySizeHoldRecordsOfEverySize(int blockSize) {
        List<Entry> entries = List.of(
                plain(0, blockSize - 24),
                plain(1, blockSize - 25),
                plain(2, blockSize - 23),
                plain(3, 0),
                plain(4, 3 * blockSize),
                plain(5, 1),
                plain(6, 300_000));
        SegmentFixture fixture = ColdFixture.sealedLarge(SegmentFixture.single(), entries);
        ColdFixture.compress(fixture, new CompressionOptions(blockSize, 3));
        try (ColdSegment cold = ColdFixture.open(fixture)) {
            assertThat(all(cold, cold.dataEnd())).isEqualTo(entries);
        }
        decompress(fixture);
        assertThat(fixture.bytes(ColdFixture.RESTORED)).isEqualTo(fixture.bytes());
        assertThat(fixture.pool.outstandingCount()).isZero();
    }

    @Test
    void aColdSegmentIsCompressedAgainWithOtherOptions() {
        SegmentFixture fixture = sealed();
        ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
        var again = ColdFixture.COLD.resolveSibling("again.q.zst");
        SegmentCompression compression = new SegmentCompression(fixture.store, fixture.access);
        try (ColdSegment cold = ColdFixture.open(fixture)) {
            compression.compress(cold, again, new CompressionOptions(1 << 20, 9));
        }
        try (Segment hot = fixture.open()) {
            compression.verify(hot, again);
        }
        assertThat(fixture.bytes(again).length).isLessThan(fixture.bytes(ColdFixture.COLD).length);
    }

    @Test
    void anExistingTargetIsLeftAlone() {
        SegmentFixture fixture = sealed();
        ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
        byte[] before = fixture.bytes(ColdFixture.COLD);
        assertThatThrownBy(() -> ColdFixture.compress(fixture, CompressionOptions.defaults()))
                .isInstanceOf(StorageIoException.class)
                .hasMessageContaining("exists already");
        assertThat(fixture.bytes(ColdFixture.COLD)).isEqualTo(before);
    }

    @Test
    void anUnsealedOrHotSegmentIsRefused() {
        SegmentFixture fixture = new SegmentFixture();
        SegmentCompression compression = new SegmentCompression(fixture.store, fixture.access);
        try (SegmentWriter writer = fixture.writer(SegmentFixture.single());
                Segment open = fixture.open()) {
            SegmentFixture.append(writer, plain(1, 1));
            assertThatThrownBy(() -> compression.compress(open, ColdFixture.COLD, ColdFixture.SMALL_BLOCKS))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining("footer of a sealed segment");
            assertThatThrownBy(() -> compression.decompress(open, ColdFixture.RESTORED))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(fixture.store.exists(ColdFixture.COLD)).isFalse();
    }

    @Test
    void aDamagedSourceIsNeverCompressed() {
        SegmentFixture fixture = sealed();
        byte[] good = fixture.bytes();
        int dataEnd;
        try (Segment hot = fixture.open()) {
            dataEnd = (int) hot.dataEnd();
        }
        Random random = new Random(17);
        for (int i = 0; i < 1_500; i++) {
            int bit = random.nextInt(dataEnd * 8);
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << (bit % 8));
            fixture.replace(bad);
            assertThatThrownBy(() -> ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS))
                    .as("bit %d", bit)
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining(SegmentFixture.FILE.toString());
            assertThat(fixture.store.exists(ColdFixture.COLD)).isFalse();
        }
        assertThat(fixture.pool.outstandingCount()).isZero();
    }

    @Test
    void everyFlippedBitOfAColdFileIsFoundByVerifyAndByReading() {
        SegmentFixture fixture = ColdFixture.sealed(SegmentFixture.mixed(), ENTRIES.subList(0, 25));
        ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
        byte[] good = fixture.bytes(ColdFixture.COLD);
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << (bit % 8));
            replaceCold(fixture, bad);
            String flipped = "bit " + bit;
            assertThatThrownBy(() -> readAll(fixture)).as(flipped).isInstanceOf(CorruptDataException.class);
            assertThatThrownBy(() -> decompressIfCold(fixture)).as(flipped).isInstanceOf(CorruptDataException.class);
        }
        assertThat(fixture.pool.outstandingCount()).isZero();
    }

    @Test
    void aColdFileOfAnotherSegmentDoesNotPassAsThisOne() {
        SegmentFixture fixture = sealed();
        ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
        byte[] other = sealedBytes(ENTRIES.subList(0, 199));
        fixture.replace(other);
        try (Segment hot = fixture.open()) {
            SegmentCompression compression = new SegmentCompression(fixture.store, fixture.access);
            assertThatThrownBy(() -> compression.verify(hot, ColdFixture.COLD))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining(ColdFixture.COLD.toString());
        }
    }

    @Test
    void everyFailingCallLeavesNoFileAndTheNextTryWorks() {
        byte[] hot = sealedBytes(ENTRIES);
        long calls = 0;
        for (long n = 1; ; n++) {
            FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
            SegmentFixture fixture = new SegmentFixture(store);
            fixture.replace(hot);
            Fault fault = store.inject(Fault.on(call -> true).nth(n));
            if (!fails(fixture, fault)) {
                break;
            }
            calls++;
            store.heal();
            assertThat(store.exists(ColdFixture.COLD)).isFalse();
            assertThat(fixture.pool.outstandingCount()).isZero();
            ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
            assertThat(readAll(fixture)).isEqualTo(ENTRIES);
        }
        assertThat(calls).isGreaterThan(20);
    }

    private static boolean fails(SegmentFixture fixture, Fault fault) {
        try {
            ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
            assertThat(fault.happened()).isFalse();
            return false;
        } catch (StorageIoException e) {
            assertThat(fault.happened()).isTrue();
            return true;
        }
    }

    @Test
    void aFullDiskIsReportedAsSuch() {
        byte[] hot = sealedBytes(ENTRIES);
        FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
        SegmentFixture fixture = new SegmentFixture(store);
        fixture.replace(hot);
        for (long space = 0; space < 10_000; space += 331) {
            store.limitSpace(space);
            assertThatThrownBy(() -> ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS))
                    .isInstanceOf(StorageFullException.class);
            store.heal();
            assertThat(store.exists(ColdFixture.COLD)).isFalse();
        }
        ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
        assertThat(readAll(fixture)).isEqualTo(ENTRIES);
    }

    @Test
    void unknownEncodingsVersionsAndFeaturesAreRefused() {
        SegmentFixture fixture = sealed();
        ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
        ColdIndex index;
        try (ColdSegment cold = ColdFixture.open(fixture)) {
            index = cold.index();
        }
        ColdBlock first = index.blocks().get(0);
        ColdBlock series = first.withEncoding(2);
        ByteBuffer encoding = ColdIndexCodec.encode(new ColdIndex(index.header(), index.footer(), List.of(series)));
        ByteBuffer version = ColdIndexCodec.encode(index).putShort(ColdFormat.MAJOR, (short) 2);
        ByteBuffer feature = ColdIndexCodec.encode(index).putInt(ColdFormat.REQUIRED, 1);
        for (ByteBuffer payload : List.of(encoding, version, feature)) {
            assertThatThrownBy(() -> ColdIndexCodec.decode(payload, 0, ColdFixture.COLD))
                    .isInstanceOf(FormatVersionException.class)
                    .hasMessageContaining(ColdFixture.COLD.toString());
        }
        ByteBuffer minor = ColdIndexCodec.encode(index).putShort(ColdFormat.MINOR, (short) 9);
        minor.putInt(ColdFormat.OPTIONAL, -1);
        assertThat(ColdIndexCodec.decode(minor, 0, ColdFixture.COLD)).isEqualTo(index);
    }

    @Test
    void anIndexThatMakesNoSenseIsCorruption() {
        SegmentFixture fixture = sealed();
        ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
        ByteBuffer good;
        try (ColdSegment cold = ColdFixture.open(fixture)) {
            good = ColdIndexCodec.encode(cold.index());
        }
        for (int size = 0; size < good.limit(); size++) {
            ByteBuffer cut = good.duplicate().order(good.order()).limit(size);
            assertThatThrownBy(() -> ColdIndexCodec.decode(cut, 0, ColdFixture.COLD))
                    .isInstanceOf(CorruptDataException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4095, (1 << 30) + 1})
    void refusesBlockSizes(int size) {
        assertThatThrownBy(() -> new CompressionOptions(size, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(size));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 23})
    void refusesLevels(int level) {
        assertThatThrownBy(() -> new CompressionOptions(4096, level)).isInstanceOf(IllegalArgumentException.class);
    }

    private static SegmentFixture sealed() {
        return ColdFixture.sealed(SegmentFixture.mixed(), ENTRIES);
    }

    private static byte[] sealedBytes(List<Entry> entries) {
        return ColdFixture.sealed(SegmentFixture.mixed(), entries).bytes();
    }

    private static long decompress(SegmentFixture fixture) {
        try (ColdSegment cold = ColdFixture.open(fixture)) {
            return new SegmentCompression(fixture.store, fixture.access).decompress(cold, ColdFixture.RESTORED);
        }
    }

    /** A flip in the first four bytes makes the file look like a damaged hot one. */
    private static void decompressIfCold(SegmentFixture fixture) {
        try (Segment segment = Segment.open(fixture.store, ColdFixture.COLD, fixture.access)) {
            new SegmentCompression(fixture.store, fixture.access).decompress(segment, ColdFixture.RESTORED);
        }
    }

    private static List<Entry> readAll(SegmentFixture fixture) {
        try (Segment segment = Segment.open(fixture.store, ColdFixture.COLD, fixture.access)) {
            return all(segment, segment.dataEnd());
        }
    }

    private static void replaceCold(SegmentFixture fixture, byte[] content) {
        fixture.store.delete(ColdFixture.COLD);
        try (StoreFile file = fixture.store.createExclusively(ColdFixture.COLD).orElseThrow()) {
            file.write(ByteBuffer.wrap(content), 0);
        }
    }
}
