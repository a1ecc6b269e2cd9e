package io.firn.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class VarintTest {
    private static final long[] BOUNDARIES = {
        0, 1, 127, 128, 129, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455, 268_435_456, Integer.MAX_VALUE
    };

    @Test
    void numbersAtEveryLengthBoundaryComeBack() {
        for (long value : BOUNDARIES) {
            ByteBuffer buffer = ByteBuffer.allocate(10);
            int end = Varint.put(buffer, 0, (int) value);
            long decoded = Varint.decode(buffer, 0, end);
            assertThat(end).as("size of %s", value).isEqualTo(Varint.sizeOf(value));
            assertThat(Varint.value(decoded)).isEqualTo((int) value);
            assertThat(Varint.end(decoded)).isEqualTo(end);
        }
    }

    @Test
    void everyPowerOfTwoAndItsNeighboursComeBackAsLong() {
        for (int shift = 0; shift < Long.SIZE; shift++) {
            for (int delta = -1; delta <= 1; delta++) {
                long value = (1L << shift) + delta;
                ByteBuffer buffer = ByteBuffer.allocate(10);
                Varint.put(buffer, value);
                assertThat(buffer.position()).isEqualTo(Varint.sizeOf(value));
                assertThat(Varint.get(buffer.flip())).isEqualTo(value);
                assertThat(Varint.unzigzag(Varint.zigzag(value))).isEqualTo(value);
            }
        }
    }

    @Test
    void smallMagnitudesStaySmallInZigzag() {
        assertThat(Varint.zigzag(0)).isZero();
        assertThat(Varint.zigzag(-1)).isEqualTo(1);
        assertThat(Varint.zigzag(1)).isEqualTo(2);
        assertThat(Varint.zigzag(Long.MIN_VALUE)).isEqualTo(-1);
    }

    @Test
    void refusesCutOffOverlongAndTooLargeInts() {
        assertThat(Varint.decode(bytes(0x80), 0, 1)).isEqualTo(Varint.MALFORMED);
        assertThat(Varint.decode(bytes(0x80, 0x00), 0, 2)).isEqualTo(Varint.MALFORMED);
        assertThat(Varint.decode(bytes(0xff, 0xff, 0xff, 0xff, 0x08), 0, 5)).isEqualTo(Varint.MALFORMED);
        assertThat(Varint.decode(bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0x01), 0, 6))
                .isEqualTo(Varint.MALFORMED);
        assertThat(Varint.decode(bytes(1), 0, 0)).isEqualTo(Varint.MALFORMED);
    }

    @Test
    void refusesCutOffOverlongAndTooLargeLongs() {
        assertThatThrownBy(() -> Varint.get(bytes(0x80))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Varint.get(bytes(0x81, 0x00))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Varint.get(bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }
}
