package io.firn.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class ControlFrameCodecTest {
    private static final int SALT = 0x5eed_1234;

    private final ControlFrameCodec codec = new ControlFrameCodec(SALT);

    @Test
    void payloadsOfEverySizeAroundTheAlignmentComeBack() {
        for (int size = 0; size <= 40; size++) {
            ByteBuffer frames = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer payload = payload(size);
            codec.encode(70, payload, frames);

            assertThat(frames.position()).isEqualTo(ControlFrameCodec.encodedSize(size));
            assertThat(payload.remaining()).isEqualTo(size);
            assertThat(codec.check(frames, 0)).isEqualTo(FrameState.VALID);
            ControlFrame frame = codec.decode(frames, 0);
            assertThat(frame.type()).isEqualTo(70);
            assertThat(frame.payload()).isEqualTo(payload);
            assertThat(frame.sizeBytes()).isEqualTo(frames.position());
        }
    }

    @Test
    void severalFramesFollowEachOtherInADirectBuffer() {
        ByteBuffer frames = ByteBuffer.allocateDirect(4096).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 20; i++) {
            codec.encode(i, payload(i * 3), frames);
        }
        frames.flip();
        int position = 0;
        for (int i = 0; i < 20; i++) {
            assertThat(codec.check(frames, position)).isEqualTo(FrameState.VALID);
            ControlFrame frame = codec.decode(frames, position);
            assertThat(frame.type()).isEqualTo(i);
            assertThat(frame.payload()).isEqualTo(payload(i * 3));
            position += frame.sizeBytes();
        }
        assertThat(position).isEqualTo(frames.limit());
        assertThat(codec.check(frames, position)).isEqualTo(FrameState.INCOMPLETE);
    }

    @Test
    void everyFlippedBitIsSeen() {
        ByteBuffer frames = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
        codec.encode(64, payload(21), frames);
        for (int bit = 0; bit < frames.capacity() * Byte.SIZE; bit++) {
            flip(frames, bit);
            assertThat(codec.check(frames, 0)).as("bit %s", bit).isIn(FrameState.BAD, FrameState.INCOMPLETE);
            flip(frames, bit);
        }
        assertThat(codec.check(frames, 0)).isEqualTo(FrameState.VALID);
    }

    @Test
    void everyTruncationIsIncomplete() {
        ByteBuffer frames = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
        codec.encode(64, payload(21), frames);
        for (int limit = 0; limit < 48; limit++) {
            assertThat(codec.check(frames.limit(limit), 0)).isEqualTo(FrameState.INCOMPLETE);
        }
    }

    @Test
    void tellsAbsentEndAndBadApart() {
        ByteBuffer frames = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(codec.check(frames, 8)).isEqualTo(FrameState.ABSENT);
        assertThat(codec.check(frames.putInt(8, -1), 8)).isEqualTo(FrameState.END);
        for (int impossible : new int[] {1, 23, -2, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThat(codec.check(frames.putInt(8, impossible), 8)).isEqualTo(FrameState.BAD);
            assertThat(codec.describe(frames, 8)).contains("impossible frame length " + impossible);
        }
    }

    @Test
    void aFrameOfAnotherSaltIsBad() {
        ByteBuffer frames = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        new ControlFrameCodec(SALT + 1).encode(64, payload(5), frames);
        assertThat(codec.check(frames, 0)).isEqualTo(FrameState.BAD);
        assertThat(codec.describe(frames, 0)).contains("checksum 0x");
    }

    @Test
    void aValidFrameThatIsNoControlFrameIsBad() {
        ByteBuffer frames = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        codec.encode(64, payload(0), frames);
        frames.putShort(FrameFormat.FLAGS_OFFSET, (short) 0);
        frames.putInt(FrameFormat.CRC_OFFSET, new FrameChecksum(SALT).of(frames, 0, 24));
        assertThat(codec.check(frames, 0)).isEqualTo(FrameState.BAD);
        assertThat(codec.describe(frames, 0)).contains("no control frame");
        assertThatThrownBy(() -> codec.decode(frames, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void paddingThatIsNotZeroIsBadEvenWithARightChecksum() {
        ByteBuffer frames = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        codec.encode(64, payload(1), frames);
        frames.put(31, (byte) 1);
        frames.putInt(FrameFormat.CRC_OFFSET, new FrameChecksum(SALT).of(frames, 0, 25));
        assertThat(codec.check(frames, 0)).isEqualTo(FrameState.BAD);
        assertThat(codec.describe(frames, 0)).contains("padding");
    }

    @Test
    void refusesAFrameThatDoesNotFitAndChangesNothing() {
        ByteBuffer frames = ByteBuffer.allocate(31).order(ByteOrder.LITTLE_ENDIAN);
        assertThatThrownBy(() -> codec.encode(64, payload(1), frames)).hasMessageContaining("only 31 left");
        assertThat(frames.position()).isZero();
        assertThat(frames.array()).containsOnly(0);
    }

    @Test
    void refusesABigEndianBufferAndAnImpossibleType() {
        assertThatThrownBy(() -> codec.encode(64, payload(1), ByteBuffer.allocate(64)))
                .hasMessageContaining("little-endian");
        ByteBuffer frames = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        assertThatThrownBy(() -> codec.encode(65_536, payload(1), frames)).hasMessageContaining("65536");
    }

    private static ByteBuffer payload(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i + 1);
        }
        return ByteBuffer.wrap(bytes);
    }

    private static void flip(ByteBuffer frames, int bit) {
        frames.put(bit / Byte.SIZE, (byte) (frames.get(bit / Byte.SIZE) ^ (1 << (bit % Byte.SIZE))));
    }
}
