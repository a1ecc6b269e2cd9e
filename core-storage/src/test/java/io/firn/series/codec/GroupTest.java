package io.firn.series.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.error.FormatVersionException;
import io.firn.testing.Randomized;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupTest {
    private static final int[] SIZES = {0, 1, 2, 1023, 1024, 1025, 2048, 8191, 8192};

    private final TestZstd zstd = new TestZstd();
    private final GroupEncoder encoder = new GroupEncoder(zstd);
    private final GroupDecoder decoder = new GroupDecoder(zstd);
    private final long[] times = new long[GroupFormat.MAX_SAMPLES + 2];
    private final double[] found = new double[GroupFormat.MAX_SAMPLES + 2];

    @AfterEach
    void close() {
        zstd.close();
    }

    @Test
    void everyFamilyOfValuesComesBackAtEverySize() {
        for (ValueFamily family : ValueFamily.values()) {
            for (int size : SIZES) {
                assertComesBack(new SplittableRandom(size), TimestampFamily.REGULAR, family, size);
            }
        }
    }

    @Test
    void everyFamilyOfTimestampsComesBackAtEverySize() {
        for (TimestampFamily family : TimestampFamily.values()) {
            for (int size : SIZES) {
                assertComesBack(new SplittableRandom(size), family, ValueFamily.CONSTANT, size);
            }
        }
    }

    @Test
    void anyMixComesBack() {
        Randomized.forAll(
                150,
                random -> assertComesBack(
                        random,
                        ChunkCase.any(random, TimestampFamily.values()),
                        ChunkCase.any(random, ValueFamily.values()),
                        random.nextInt(GroupFormat.MAX_SAMPLES + 1)));
    }

    @Test
    void takesTheSmallestLayoutAndSaysWhich() {
        groups(8192).forEach((layout, group) -> {
            GroupHeader header = decoder.header(ByteBuffer.wrap(group), ChunkCase.PLACE);
            assertThat(header.valueLayout()).isEqualTo(layout);
            assertThat(header.count()).isEqualTo(8192);
            assertThat(header.sizeBytes()).isEqualTo(group.length);
            assertThat(header.minTimestamp()).isLessThan(header.maxTimestamp());
        });
    }

    @Test
    void isNeverLargerThanItsVectorsWouldBe() {
        for (ValueFamily family : ValueFamily.values()) {
            SampleRange samples = samples(new SplittableRandom(1), TimestampFamily.POISSON, family, 8192);
            ByteSink vectors = new ByteSink(0);
            VectorSection section = new VectorSection();
            section.putTimestamps(samples, vectors);
            section.putValues(samples, new DecimalHint(), vectors);
            assertThat(encode(samples).length).isLessThanOrEqualTo(vectors.size() + ChunkFormat.MAX_HEADER_BYTES);
        }
    }

    @Test
    void everyTruncationAndEverySingleBitFlipOfEveryLayoutIsRefused() {
        groups(300).forEach((layout, group) -> {
            for (int size = 0; size < group.length; size++) {
                assertRefused(layout + " cut to " + size, Arrays.copyOf(group, size));
            }
            for (int bit = 0; bit < group.length * Byte.SIZE; bit++) {
                byte[] flipped = group.clone();
                flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
                assertRefused(layout + " bit " + bit, flipped);
            }
        });
    }

    @Test
    void changedBytesUnderARightChecksumGiveSamplesOrAnErrorAndNothingElse() {
        Map<ValueLayout, byte[]> groups = groups(300);
        Randomized.forAll(400, random -> {
            for (byte[] group : groups.values()) {
                byte[] forged = group.clone();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    forged[ForgedChunk.CRC_BYTES + random.nextInt(forged.length - ForgedChunk.CRC_BYTES)] =
                            (byte) random.nextInt();
                }
                ForgedChunk.sign(forged);
                try {
                    decoder.decode(ByteBuffer.wrap(forged), ChunkCase.PLACE, times, found, 0);
                } catch (CorruptDataException | FormatVersionException expected) {
                    assertThat(expected).hasMessageContaining("4096");
                }
            }
        });
    }

    @Test
    void changedBytesWithinTheCompressorGiveSamplesOrAnErrorAndNothingElse() {
        BlockCompressor none = new NoCompression();
        GroupEncoder plainEncoder = new GroupEncoder(none);
        GroupDecoder plainDecoder = new GroupDecoder(none);
        ByteBuffer target = ByteBuffer.allocate(GroupFormat.maxSizeBytes(GroupFormat.MAX_SAMPLES));
        Randomized.forAll(400, random -> {
            ValueFamily family = ChunkCase.any(random, ValueFamily.values());
            plainEncoder.encode(
                    samples(random, TimestampFamily.POISSON, family, random.nextInt(1, 1500)),
                    new DecimalHint(),
                    target.clear());
            byte[] forged = Arrays.copyOf(target.array(), target.position());
            forged[5] = (byte) (random.nextInt(4) | random.nextInt(5) << 4);
            forged[ForgedChunk.CRC_BYTES + 12 + random.nextInt(forged.length - ForgedChunk.CRC_BYTES - 12)] =
                    (byte) random.nextInt();
            ForgedChunk.sign(forged);
            try {
                plainDecoder.decode(ByteBuffer.wrap(forged), ChunkCase.PLACE, times, found, 0);
            } catch (CorruptDataException expected) {
                assertThat(expected.offset()).isEqualTo(4096);
            }
        });
    }

    @Test
    void chunksAndGroupsAreNotTakenForEachOther() {
        byte[] group = groups(300).values().iterator().next();
        assertThatThrownBy(() -> ChunkCase.header(group))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("form 8 is not that of a chunk");
        byte[] chunk = new ChunkCase(new long[100], new double[100]).encode(ChunkOptions.adaptive());
        assertThatThrownBy(() -> decoder.header(ByteBuffer.wrap(chunk), ChunkCase.PLACE))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("form 0 is not that of a group");
    }

    @Test
    void refusesTooManySamplesAndTooLittleRoom() {
        SampleRange many = SampleRange.of(new long[8193], new double[8193], 0, 8193);
        assertThatThrownBy(() -> encode(many)).isInstanceOf(IllegalArgumentException.class);
        ByteBuffer little = ByteBuffer.allocate(GroupFormat.maxSizeBytes(10) - 1);
        assertThatThrownBy(() -> encoder.encode(many.range(0, 10), new DecimalHint(), little))
                .isInstanceOf(IllegalArgumentException.class);
        byte[] group = encode(many.range(0, 10));
        assertThatThrownBy(
                        () -> decoder.decode(ByteBuffer.wrap(group), ChunkCase.PLACE, new long[9], new double[10], 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A group of each layout of values. */
    private Map<ValueLayout, byte[]> groups(int count) {
        Map<ValueLayout, ValueFamily> families = new EnumMap<>(ValueLayout.class);
        families.put(ValueLayout.VECTORS, ValueFamily.FLOATS);
        families.put(ValueLayout.COMPRESSED_VECTORS, ValueFamily.RAMP);
        families.put(ValueLayout.COMPRESSED_RAW, ValueFamily.RUNS);
        families.put(ValueLayout.COMPRESSED_RAW_PLANES, ValueFamily.RANDOM_DOUBLES);
        families.put(ValueLayout.COMPRESSED_DECIMAL_PLANES, ValueFamily.GAUGE_TWO_DECIMALS);
        Map<ValueLayout, byte[]> groups = new LinkedHashMap<>();
        SplittableRandom random = new SplittableRandom(5);
        families.forEach((layout, family) ->
                groups.put(layout, encode(samples(random, TimestampFamily.OUT_OF_ORDER, family, count))));
        return groups;
    }

    private static SampleRange samples(
            RandomGenerator random, TimestampFamily timestamps, ValueFamily values, int count) {
        return ChunkCase.of(random, timestamps, values, count).samples();
    }

    private byte[] encode(SampleRange samples) {
        ByteBuffer target = ByteBuffer.allocate(GroupFormat.maxSizeBytes(GroupFormat.MAX_SAMPLES));
        int size = encoder.encode(samples, new DecimalHint(), target);
        assertThat(target.position()).isEqualTo(size);
        return Arrays.copyOf(target.array(), size);
    }

    private void assertComesBack(RandomGenerator random, TimestampFamily timestamps, ValueFamily values, int count) {
        SampleRange samples = samples(random, timestamps, values, count);
        byte[] group = encode(samples);
        assertThat(group.length).isLessThanOrEqualTo(GroupFormat.maxSizeBytes(count));
        Arrays.fill(times, 7);
        Arrays.fill(found, 7);

        assertThat(decoder.decode(ByteBuffer.wrap(group), ChunkCase.PLACE, times, found, 1))
                .isEqualTo(count);

        for (int i = 0; i < count; i++) {
            if (times[i + 1] != samples.timestamp(i)
                    || Double.doubleToRawLongBits(found[i + 1]) != Double.doubleToRawLongBits(samples.value(i))) {
                throw new AssertionError(timestamps + ", " + values + ", " + count + ": sample " + i + " differs");
            }
        }
        assertThat(times[count + 1]).isEqualTo(7);
        assertThat(found[count + 1]).isEqualTo(7);
    }

    private void assertRefused(String name, byte[] damaged) {
        assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(damaged), ChunkCase.PLACE, times, found, 0))
                .as(name)
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("0001.q at offset 4096");
    }
}
