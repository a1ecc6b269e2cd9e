package io.firn.segment;

import static io.firn.segment.SegmentFixture.plain;
import static io.firn.segment.SegmentFixture.randomLane;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.fs.BufferPool;
import io.firn.record.FrameFormat;
import io.firn.record.StreamRecord;
import io.firn.segment.SegmentFixture.Entry;
import io.firn.testing.Randomized;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The codec of columnar blocks alone, below all checksums of a cold file. */
class ColumnarBlockTest {
    private final BufferPool pool = new BufferPool(1 << 20);

    @AfterEach
    void everyBufferIsGivenBack() {
        assertThat(pool.outstandingCount()).isZero();
    }

    @Test
    void recordsOfAllShapesComeBack() {
        Randomized.forAll(200, random -> {
            SegmentHeader header = random.nextBoolean() ? SegmentFixture.mixed() : SegmentFixture.single();
            ByteBuffer frames = ColumnarBlocks.frames(header, randomLane(random, "main", 20 + random.nextInt(200), 90));
            byte[] block = ColumnarBlocks.encoded(frames, false, pool);
            assertThat(decoded(block, frames)).isEqualTo(ColumnarBlocks.bytes(frames));
        });
    }

    @Test
    void recordsOfSeveralLanesAndPartitionsComeBack() {
        Randomized.forAll(30, random -> {
            List<Entry> entries = new ArrayList<>(randomLane(random, "one", 100, 60));
            entries.addAll(randomLane(random, "two", 100, 60));
            byte[] block = ColumnarBlocks.encoded(ColumnarBlocks.frames(SegmentFixture.mixed(), entries), false, pool);
            ByteBuffer frames = ColumnarBlocks.frames(SegmentFixture.mixed(), entries);
            assertThat(decoded(block, frames)).isEqualTo(ColumnarBlocks.bytes(frames));
        });
    }

    @Test
    void valuesOfOneLengthComeBackAsPlanes() {
        Randomized.forAll(200, random -> {
            int length = 1 + random.nextInt(ColumnarFormat.MAX_PLANES);
            List<Entry> entries = sameLength(random, length, 30 + random.nextInt(100));
            ByteBuffer frames = ColumnarBlocks.frames(SegmentFixture.mixed(), entries);
            byte[] block = ColumnarBlocks.encoded(frames, true, pool);
            assertThat(decoded(block, frames)).isEqualTo(ColumnarBlocks.bytes(frames));
        });
    }

    /** Values of one length among null values, keys, headers and definitions of contexts. */
    private static List<Entry> sameLength(RandomGenerator random, int length, int count) {
        List<Entry> entries = new ArrayList<>();
        byte[] value = new byte[length];
        for (Entry entry : randomLane(random, "main", count, 10)) {
            value[random.nextInt(length)] += (byte) random.nextInt(5);
            StreamRecord record = entry.record();
            StreamRecord.Builder copy = record.inMillis()
                    ? StreamRecord.atMillis(record.timestamp())
                    : StreamRecord.atNanos(record.timestamp());
            copy.typeId(record.typeId()).timestampType(record.timestampType());
            copy.key(record.key()).headers(record.headers());
            copy.value(random.nextInt(5) == 0 ? null : value.clone());
            entries.add(new Entry(entry.lane(), entry.partition(), entry.sequence(), copy.build()));
        }
        entries.add(plain(entries.get(count - 1).sequence() + 1, length));
        return entries;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 16, 17, 24, 25, 63, 64, 65, 159, 160, 161, 4_095, 4_096, 4_097, 1_000_000})
    void valuesOfEveryBoundaryLengthComeBack(int length) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            entries.add(plain(i, length));
        }
        ByteBuffer frames = ColumnarBlocks.frames(SegmentFixture.mixed(), entries);
        for (boolean planes : new boolean[] {false, true}) {
            boolean noPlanes = planes && (length == 0 || length > ColumnarFormat.MAX_PLANES);
            if (noPlanes || frames.capacity() > ColumnarFormat.MAX_RAW_BYTES) {
                assertThat(ColumnarBlocks.encode(frames, planes, pool)).isNull();
            } else {
                assertThat(decoded(ColumnarBlocks.encoded(frames, planes, pool), frames))
                        .isEqualTo(ColumnarBlocks.bytes(frames));
            }
        }
    }

    @Test
    void extremeTimestampsAndSequencesComeBack() {
        long[] times = {Long.MIN_VALUE, Long.MAX_VALUE, 0, -1, 1, Long.MIN_VALUE + 1, Long.MAX_VALUE, Long.MIN_VALUE};
        Randomized.forAll(100, random -> {
            List<Entry> entries = new ArrayList<>();
            long sequence = 0;
            for (int i = 0; i < 40; i++) {
                long time = random.nextBoolean() ? times[random.nextInt(times.length)] : random.nextLong();
                StreamRecord record = StreamRecord.atNanos(time)
                        .value(new byte[random.nextInt(3)])
                        .build();
                entries.add(new Entry("main", "p=0", sequence, record));
                sequence += random.nextBoolean() ? 1 : 1L << (1 + random.nextInt(40));
            }
            ByteBuffer frames = ColumnarBlocks.frames(SegmentFixture.single(), entries);
            assertThat(decoded(ColumnarBlocks.encoded(frames, false, pool), frames))
                    .isEqualTo(ColumnarBlocks.bytes(frames));
        });
    }

    @Test
    void framesThatNoWriterWritesAreLeftAlone() {
        ByteBuffer good = ColumnarBlocks.frames(SegmentFixture.mixed(), randomLane(new Random(3), "main", 50, 20));
        assertThat(ColumnarBlocks.encode(good, false, pool)).isNotNull();
        ByteBuffer unknownFlag = copy(good);
        unknownFlag.put(FrameFormat.FLAGS_OFFSET + 1, (byte) 1);
        ByteBuffer controlWithTime = copy(good);
        controlWithTime.putLong(FrameFormat.TIMESTAMP_OFFSET, 5);
        for (ByteBuffer odd : List.of(unknownFlag, controlWithTime)) {
            assertThat(ColumnarBlocks.encode(odd, false, pool)).isNull();
        }
    }

    @Test
    void nonZeroPaddingDoesNotSurviveSoItIsSeen() {
        ByteBuffer frames = ColumnarBlocks.frames(
                SegmentFixture.single(),
                List.of(
                        plain(1, 9),
                        plain(2, 9),
                        plain(3, 9),
                        plain(4, 9),
                        plain(5, 9),
                        plain(6, 9),
                        plain(7, 9),
                        plain(8, 9)));
        frames.put(FrameFormat.FIXED_SIZE + 9, (byte) 1);
        byte[] block = ColumnarBlocks.encoded(frames, false, pool);
        assertThatThrownBy(() -> decoded(block, frames))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("CRC");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyFlippedBitIsAnErrorOrChangesNothing(boolean planes) {
        ByteBuffer frames = ColumnarBlocks.frames(
                SegmentFixture.mixed(),
                planes ? sameLength(new Random(8), 17, 60) : randomLane(new Random(8), "main", 60, 40));
        byte[] good = ColumnarBlocks.encoded(frames, planes, pool);
        for (int bit = 0; bit < good.length * Byte.SIZE; bit++) {
            byte[] bad = good.clone();
            bad[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            assertErrorOrSame(bad, frames, "bit " + bit);
        }
    }

    @Test
    void everyCutIsAnError() {
        ByteBuffer frames = ColumnarBlocks.frames(SegmentFixture.mixed(), randomLane(new Random(9), "main", 60, 40));
        byte[] good = ColumnarBlocks.encoded(frames, false, pool);
        for (int size = 0; size < good.length; size++) {
            byte[] cut = Arrays.copyOf(good, size);
            assertThatThrownBy(() -> decoded(cut, frames))
                    .as("size %s", size)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> decoded(Arrays.copyOf(good, good.length + 1), frames))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void randomDamageIsAnErrorOrChangesNothing() {
        Randomized.forAll(400, random -> {
            boolean planes = random.nextBoolean();
            List<Entry> entries =
                    planes ? sameLength(random, 1 + random.nextInt(40), 40) : randomLane(random, "main", 40, 40);
            ByteBuffer frames = ColumnarBlocks.frames(SegmentFixture.mixed(), entries);
            byte[] block = ColumnarBlocks.encoded(frames, planes, pool);
            for (int round = 0; round < 20; round++) {
                byte[] bad = block.clone();
                int at = random.nextInt(bad.length);
                byte[] noise = new byte[Math.min(1 + random.nextInt(12), bad.length - at)];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, bad, at, noise.length);
                assertErrorOrSame(bad, frames, "at " + at);
            }
        });
    }

    @Test
    void anotherSizeThanThatOfTheFramesIsAnError() {
        ByteBuffer frames = ColumnarBlocks.frames(SegmentFixture.mixed(), randomLane(new Random(9), "main", 60, 40));
        byte[] good = ColumnarBlocks.encoded(frames, false, pool);
        for (int size : new int[] {0, 8, frames.capacity() - 8, frames.capacity() + 8, ColumnarFormat.MAX_RAW_BYTES}) {
            assertThatThrownBy(() -> ColumnarBlocks.decode(good, size, pool))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private void assertErrorOrSame(byte[] bad, ByteBuffer frames, String what) {
        try {
            assertThat(decoded(bad, frames)).as(what).isEqualTo(ColumnarBlocks.bytes(frames));
        } catch (IllegalArgumentException e) {
            assertThat(e).as(what).hasMessageNotContaining("null");
        }
    }

    private byte[] decoded(byte[] block, ByteBuffer frames) {
        return ColumnarBlocks.decode(block, frames.capacity(), pool);
    }

    private static ByteBuffer copy(ByteBuffer frames) {
        return ByteBuffer.allocateDirect(frames.capacity())
                .order(frames.order())
                .put(0, frames, 0, frames.capacity());
    }
}
