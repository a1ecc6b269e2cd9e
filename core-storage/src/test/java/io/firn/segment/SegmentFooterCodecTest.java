package io.firn.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.error.FormatVersionException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SegmentFooterCodecTest {
    private static final Path FILE = Path.of("some.q");
    private static final long OFFSET = 10_000;

    @Test
    void anEmptySegmentComesBack() {
        SegmentFooter footer =
                new SegmentFooter(SegmentSummary.of(64, 5, List.of()), new SparseIndex(100), new TreeMap<>());
        assertThat(decode(SegmentFooterCodec.encode(footer))).isEqualTo(footer);
    }

    @Test
    void extremeValuesComeBack() {
        SparseIndex index = new SparseIndex(1);
        index.add(128, 0, Long.MIN_VALUE, Long.MAX_VALUE);
        index.add(256, 1, Long.MAX_VALUE, Long.MIN_VALUE);
        index.add(1L << 40, SegmentFormat.MAX_CONTEXTS - 1, 0, 0);
        List<ContextSummary> contexts = List.of(
                new ContextSummary(
                        new SegmentContext(0, "a", "", Long.MAX_VALUE - 5),
                        2,
                        new Range(Long.MAX_VALUE - 1, Long.MAX_VALUE),
                        new Range(Long.MIN_VALUE, Long.MAX_VALUE),
                        128),
                new ContextSummary(new SegmentContext(1, "b", "p=ü", Long.MIN_VALUE), 0, Range.EMPTY, Range.EMPTY, 0));
        SegmentFooter footer = new SegmentFooter(SegmentSummary.of(1L << 41, -1, contexts), index, new TreeMap<>());
        assertThat(decode(SegmentFooterCodec.encode(footer))).isEqualTo(footer);
    }

    @Test
    void sectionsOfOtherPackagesAreKept() {
        TreeMap<Integer, ByteBuffer> others = new TreeMap<>();
        others.put(SegmentFormat.SECTION_LABELS, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        others.put(77, ByteBuffer.allocate(0));
        SegmentFooter footer = new SegmentFooter(SegmentSummary.of(64, 5, List.of()), new SparseIndex(1), others);
        assertThat(decode(SegmentFooterCodec.encode(footer)).otherSections()).isEqualTo(others);
    }

    @Test
    void anUnknownRequiredSectionAsksForANewerRelease() {
        TreeMap<Integer, ByteBuffer> others = new TreeMap<>();
        others.put(SegmentFormat.SECTION_REQUIRED | 9, ByteBuffer.allocate(4));
        SegmentFooter footer = new SegmentFooter(SegmentSummary.of(64, 5, List.of()), new SparseIndex(1), others);
        ByteBuffer bytes = SegmentFooterCodec.encode(footer);
        assertThatThrownBy(() -> decode(bytes)).isInstanceOf(FormatVersionException.class);
    }

    @Test
    void everyFlippedBitAndEveryTruncationIsSeen() {
        SegmentFooter footer = random(new Random(1), 5);
        ByteBuffer bytes = SegmentFooterCodec.encode(footer);
        for (int bit = 0; bit < bytes.limit() * Byte.SIZE; bit++) {
            flip(bytes, bit);
            assertThatThrownBy(() -> decode(bytes))
                    .as("bit %s", bit)
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining("some.q at offset");
            flip(bytes, bit);
        }
        for (int limit = 0; limit < bytes.capacity(); limit++) {
            bytes.limit(limit);
            assertThatThrownBy(() -> decode(bytes)).as("limit %s", limit).isInstanceOf(CorruptDataException.class);
        }
    }

    @Test
    void randomFootersComeBack() {
        Random random = new Random(42);
        for (int i = 0; i < 300; i++) {
            SegmentFooter footer = random(random, random.nextInt(300));
            assertThat(decode(SegmentFooterCodec.encode(footer))).isEqualTo(footer);
        }
    }

    @Test
    void contentThatMakesNoSenseIsCorruptEvenWithARightChecksum() {
        SegmentFooter footer = random(new Random(3), 20);
        Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer bytes = SegmentFooterCodec.encode(footer).order(ByteOrder.LITTLE_ENDIAN);
            int sections = bytes.limit() - SegmentFormat.TRAILER_SIZE;
            bytes.put(random.nextInt(sections), (byte) random.nextInt());
            resign(bytes, sections);
            try {
                decode(bytes);
            } catch (FirnException expected) {
                assertThat(expected).isInstanceOfAny(CorruptDataException.class, FormatVersionException.class);
            }
        }
    }

    private static void resign(ByteBuffer bytes, int sections) {
        int field = sections + SegmentFormat.TRAILER_FOOTER_CRC;
        bytes.putInt(field, 0);
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(bytes.duplicate());
        bytes.putInt(field, (int) crc.getValue());
    }

    private static SegmentFooter random(Random random, int records) {
        List<ContextSummary> contexts = new ArrayList<>();
        SparseIndex index = new SparseIndex(1 + random.nextInt(5));
        long offset = 64;
        for (int ref = 0; ref < 1 + random.nextInt(5); ref++) {
            long base = random.nextLong() >> 2;
            SegmentContext context = new SegmentContext(ref, "lane" + random.nextInt(2), "p=" + ref, base);
            long first = base + random.nextInt(10);
            Range sequences = new Range(first, first + random.nextInt(1000));
            Range timestamps = new Range(random.nextLong() >> 1, Long.MAX_VALUE - random.nextInt());
            contexts.add(new ContextSummary(context, 1 + random.nextInt(9), sequences, timestamps, offset));
        }
        for (int i = 0; i < records; i++) {
            index.add(offset, random.nextInt(contexts.size()), random.nextLong(), random.nextLong());
            offset += 8L * (3 + random.nextInt(10_000));
        }
        return new SegmentFooter(SegmentSummary.of(offset, random.nextInt(), contexts), index, new TreeMap<>());
    }

    private static SegmentFooter decode(ByteBuffer bytes) {
        return SegmentFooterCodec.decode(bytes.duplicate(), OFFSET, FILE);
    }

    private static void flip(ByteBuffer bytes, int bit) {
        bytes.put(bit / Byte.SIZE, (byte) (bytes.get(bit / Byte.SIZE) ^ (1 << (bit % Byte.SIZE))));
    }
}
