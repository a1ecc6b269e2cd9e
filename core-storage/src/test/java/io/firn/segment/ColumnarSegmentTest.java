package io.firn.segment;

import static io.firn.segment.SegmentFixture.all;
import static io.firn.segment.SegmentFixture.plain;
import static io.firn.segment.SegmentFixture.randomLane;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firn.compress.SeekableZstdWriter;
import io.firn.error.CorruptDataException;
import io.firn.error.FormatVersionException;
import io.firn.fs.StoreFile;
import io.firn.segment.SegmentFixture.Entry;
import io.firn.testing.Randomized;
import io.firn.testing.ZstdProgram;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cold files with columnar blocks behave as cold files with blocks of frames. */
class ColumnarSegmentTest {
    private static final CompressionOptions FRAMES = new CompressionOptions(4 << 10, 3, false);
    private static final List<Entry> ENTRIES = compressible(60);

    private static List<Entry> compressible(int count) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(plain(i, 17));
        }
        return entries;
    }

    @Test
    void columnsAreTheDefaultWhereTheyAreSmaller() {
        SegmentFixture fixture = ColdFixture.sealed(SegmentFixture.single(), compressible(2_000));
        long columns = ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
        assertThat(encodings(fixture))
                .hasSizeGreaterThan(BlockEncoder.TRIAL_INTERVAL)
                .containsOnly(1);
        fixture.store.delete(ColdFixture.COLD);
        long frames = ColdFixture.compress(fixture, FRAMES);
        assertThat(encodings(fixture)).containsOnly(0);
        assertThat(columns).isLessThan(frames);
    }

    @Test
    void bothEncodingsShowTheSameBytesEverywhere() {
        Randomized.forAll(20, random -> {
            List<Entry> entries = randomLane(random, "main", 50 + random.nextInt(300), 60);
            SegmentFixture fixture = ColdFixture.sealed(SegmentFixture.mixed(), entries);
            ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
            byte[] hot = fixture.bytes();
            try (ColdSegment cold = ColdFixture.open(fixture)) {
                assertThat(encodings(fixture)).contains(1);
                assertThat(all(cold, cold.dataEnd())).isEqualTo(entries);
                cold.verify();
                for (int i = 0; i < 100; i++) {
                    int from = random.nextInt(hot.length);
                    ByteBuffer bytes = ByteBuffer.allocate(Math.min(1 + random.nextInt(9_000), hot.length - from));
                    assertThat(cold.readAt(from, bytes)).isEqualTo(bytes.capacity());
                    assertThat(bytes.array()).isEqualTo(Arrays.copyOfRange(hot, from, from + bytes.capacity()));
                }
            }
            assertThat(fixture.pool.outstandingCount()).isZero();
        });
    }

    @Test
    void theZstdProgramAcceptsColumnarFiles(@TempDir Path directory) throws Exception {
        Optional<ZstdProgram> zstd = ZstdProgram.find();
        assumeTrue(zstd.isPresent(), "no zstd on the PATH");
        Path file = Files.write(directory.resolve("a.q.zst"), columnar().bytes(ColdFixture.COLD));
        assertThat(zstd.orElseThrow().run("-t", file.toString())).isZero();
    }

    @Test
    void blocksThatColumnsDoNotMakeSmallerStayFrames() {
        SegmentFixture fixture = ColdFixture.sealedLarge(
                SegmentFixture.single(), List.of(plain(0, 9_000), plain(1, 100_000), plain(2, 1), plain(3, 2_000_000)));
        ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
        assertThat(encodings(fixture)).containsOnly(0);
    }

    @Test
    void everyFlippedBitOfAColumnarFileNamesFileAndOffset() {
        SegmentFixture fixture = columnar();
        byte[] good = fixture.bytes(ColdFixture.COLD);
        for (int bit = 0; bit < good.length * Byte.SIZE; bit++) {
            byte[] bad = good.clone();
            bad[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            assertDamageIsFound(fixture, bad, "bit " + bit);
        }
    }

    @Test
    void everyCutOfAColumnarFileNamesFileAndOffset() {
        SegmentFixture fixture = columnar();
        byte[] good = fixture.bytes(ColdFixture.COLD);
        for (int size = 0; size < good.length; size++) {
            assertDamageIsFound(fixture, Arrays.copyOf(good, size), "size " + size);
        }
    }

    private static void assertDamageIsFound(SegmentFixture fixture, byte[] bad, String what) {
        replaceCold(fixture, bad);
        assertThatThrownBy(() -> {
                    try (Segment segment = Segment.open(fixture.store, ColdFixture.COLD, fixture.access)) {
                        all(segment, segment.dataEnd());
                    }
                })
                .as(what)
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining(ColdFixture.COLD + " at offset");
        assertThat(fixture.pool.outstandingCount()).isZero();
    }

    /** All checksums of the file are right; only the columns are not those of the frames. */
    @Test
    void damagedColumnsUnderRightChecksumsNameFileAndOffset() {
        SegmentFixture fixture = columnar();
        ByteBuffer payload;
        byte[] columns;
        try (ColdSegment cold = ColdFixture.open(fixture)) {
            payload = ColdIndexCodec.encode(cold.index());
            columns = ColumnarBlocks.encoded(
                    ColumnarBlocks.frames(SegmentFixture.single(), ENTRIES), false, fixture.pool);
        }
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            byte[] bad = columns.clone();
            bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            fixture.store.delete(ColdFixture.COLD);
            try (StoreFile file =
                            fixture.store.createExclusively(ColdFixture.COLD).orElseThrow();
                    SeekableZstdWriter writer = SeekableZstdWriter.create(file, fixture.access.codecs(), 3)) {
                writer.writeBlock(ByteBuffer.allocateDirect(bad.length).put(0, bad));
                writer.finish(payload.duplicate());
            }
            try (ColdSegment cold = ColdFixture.open(fixture)) {
                assertThatThrownBy(() -> all(cold, cold.dataEnd()))
                        .isInstanceOf(CorruptDataException.class)
                        .hasMessageContaining(ColdFixture.COLD + " at offset")
                        .hasMessageContaining("block 0");
            }
        }
        assertThat(fixture.pool.outstandingCount()).isZero();
    }

    @Test
    void theIndexRefusesUnknownEncodingsAndHugeColumnarBlocks() {
        SegmentFixture fixture = columnar();
        ColdIndex index;
        try (ColdSegment cold = ColdFixture.open(fixture)) {
            index = cold.index();
        }
        ColdBlock block = index.blocks().get(0);
        assertThatThrownBy(() -> decodeIndexWith(index, block.withEncoding(2)))
                .isInstanceOf(FormatVersionException.class)
                .hasMessageContaining(ColdFixture.COLD.toString());
        ColdBlock huge = new ColdBlock(
                block.rawOffset(),
                ColumnarFormat.MAX_RAW_BYTES + 8,
                ColdFormat.ENCODING_COLUMNS,
                block.recordCount(),
                block.firstSequence(),
                block.timestamps(),
                block.contexts());
        assertThatThrownBy(() -> decodeIndexWith(index, huge))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("columnar");
        assertThat(decodeIndexWith(index, huge.withEncoding(0)).blocks()).hasSize(1);
    }

    private static ColdIndex decodeIndexWith(ColdIndex index, ColdBlock block) {
        ByteBuffer payload = ColdIndexCodec.encode(new ColdIndex(index.header(), index.footer(), List.of(block)));
        return ColdIndexCodec.decode(payload, 0, ColdFixture.COLD);
    }

    private static SegmentFixture columnar() {
        SegmentFixture fixture = ColdFixture.sealed(SegmentFixture.single(), ENTRIES);
        ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
        assertThat(encodings(fixture)).containsExactly(1);
        return fixture;
    }

    private static List<Integer> encodings(SegmentFixture fixture) {
        try (ColdSegment cold = ColdFixture.open(fixture)) {
            return cold.index().blocks().stream().map(ColdBlock::encoding).toList();
        }
    }

    private static void replaceCold(SegmentFixture fixture, byte[] content) {
        fixture.store.delete(ColdFixture.COLD);
        try (StoreFile file = fixture.store.createExclusively(ColdFixture.COLD).orElseThrow()) {
            file.write(ByteBuffer.wrap(content), 0);
        }
    }
}
