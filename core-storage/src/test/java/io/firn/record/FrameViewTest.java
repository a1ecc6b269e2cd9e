package io.firn.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.InvalidRecordException;
import io.firn.testing.AllocationCounter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameViewTest {
    private static final int SALT = 0x1234_5678;
    private static final int START = 64;

    private final ByteBuffer frames = ByteBuffer.allocateDirect(4096).order(ByteOrder.LITTLE_ENDIAN);
    private final FrameEncoder encoder = new FrameEncoder(SALT);
    private final FrameVerifier verifier = new FrameVerifier(SALT);
    private final FrameView view = new FrameView();

    @Test
    void everyCombinationOfPartsComesBack() {
        byte[][] parts = {null, new byte[0], bytes(1), bytes(7), bytes(8), bytes(9), bytes(127), bytes(128), bytes(300)
        };
        List<List<RecordHeader>> headerLists = List.of(
                List.of(),
                List.of(new RecordHeader("", null)),
                List.of(new RecordHeader("a", new byte[0]), new RecordHeader("a", bytes(127))),
                List.of(
                        new RecordHeader("näme\uD83D\uDE00", bytes(126)),
                        new RecordHeader("x".repeat(200), bytes(128))));
        for (byte[] key : parts) {
            for (byte[] value : parts) {
                for (List<RecordHeader> headers : headerLists) {
                    for (int context : new int[] {0, 1, 127, 128, 1 << 20}) {
                        assertComesBack(
                                context,
                                7,
                                StreamRecord.atNanos(-5)
                                        .typeId(65_535)
                                        .key(key)
                                        .headers(headers)
                                        .value(value)
                                        .build());
                    }
                }
            }
        }
    }

    @Test
    void timestampsOfBothUnitsAndTypesAreExact() {
        for (long timestamp : new long[] {0, -1, 1, Long.MIN_VALUE, Long.MAX_VALUE, 1_000_000_000_000L}) {
            for (TimestampType type : TimestampType.values()) {
                assertComesBack(
                        0,
                        0,
                        StreamRecord.atNanos(timestamp).timestampType(type).build());
                assertComesBack(
                        0,
                        0,
                        StreamRecord.atMillis(timestamp).timestampType(type).build());
            }
        }
    }

    @Test
    void millisecondsSaturateWhenComparedAsNanoseconds() {
        long lastExactMs = Long.MAX_VALUE / 1_000_000;
        assertThat(nanosOf(lastExactMs)).isEqualTo(lastExactMs * 1_000_000);
        assertThat(nanosOf(lastExactMs + 1)).isEqualTo(Long.MAX_VALUE);
        assertThat(nanosOf(-lastExactMs)).isEqualTo(-lastExactMs * 1_000_000);
        assertThat(nanosOf(-lastExactMs - 1)).isEqualTo(Long.MIN_VALUE);
        assertThat(nanosOf(-1)).isEqualTo(-1_000_000);
    }

    private long nanosOf(long timestampMs) {
        put(0, 0, StreamRecord.atMillis(timestampMs).build());
        view.attach(frames);
        view.moveTo(START);
        return view.timestampNs();
    }

    @Test
    void sequencesReachFourBillionAboveTheBase() {
        put(0, -1, StreamRecord.atNanos(0).build());
        view.attach(frames);
        assertThat(view.moveTo(START)).isTrue();
        view.sequenceBase(1000);
        assertThat(view.sequence()).isEqualTo(1000 + 0xffff_ffffL);
    }

    @Test
    void theFastPathWritesTheSameBytesAsARecord() {
        for (int size = 0; size < 20; size++) {
            for (int context : new int[] {0, 5}) {
                int length = put(
                        context,
                        3,
                        StreamRecord.atNanos(99).typeId(4).value(bytes(size)).build());
                byte[] expected = copy(length);
                encoder.start(frames, START, context, 3);
                int fast = encoder.finish(99, 4, ByteBuffer.wrap(bytes(size)));
                frames.putInt(START, fast);
                assertThat(copy(fast)).isEqualTo(expected);
                assertThat(FrameEncoder.lengthOf(context, size)).isEqualTo(fast);
            }
        }
        int length = put(0, 3, StreamRecord.atNanos(99).typeId(4).build());
        byte[] expected = copy(length);
        encoder.start(frames, START, 0, 3);
        frames.putInt(START, encoder.finish(99, 4, null));
        assertThat(copy(length)).isEqualTo(expected);
    }

    @Test
    void aCopiedRecordHasTheSameBytesUnderAnotherContext() {
        StreamRecord record = StreamRecord.atMillis(12)
                .key(bytes(3))
                .headers(List.of(new RecordHeader("h", null)))
                .value(bytes(50))
                .build();
        byte[] expected = copy(put(0, 5, record));
        put(300, 9, record);
        ByteBuffer source = ByteBuffer.allocateDirect(4096).order(ByteOrder.LITTLE_ENDIAN);
        source.put(0, frames, 0, 4096);
        view.attach(source);
        assertThat(view.moveTo(START)).isTrue();

        encoder.start(frames, START, 0, 5);
        int length = encoder.finish(view);
        frames.putInt(START, length);
        assertThat(FrameEncoder.lengthOf(0, view)).isEqualTo(length);
        assertThat(copy(length)).isEqualTo(expected);
    }

    @Test
    void contradictoryFramesAreRefused() {
        StreamRecord plain = StreamRecord.atNanos(1).value(bytes(9)).build();
        assertProblem(plain, 1 << 7, "unknown flags");
        assertProblem(plain, 1 << 15, "unknown flags");
        assertProblem(plain, FrameFormat.FLAG_CONTROL | FrameFormat.FLAG_KEY, "control frame with flags");
        assertProblem(plain, FrameFormat.FLAG_NULL_VALUE, "null value of 9 bytes");
        assertProblem(
                StreamRecord.atNanos(1).value(new byte[] {0}).build(), FrameFormat.FLAG_CONTEXT, "context reference");
        assertProblem(StreamRecord.atNanos(1).value(new byte[] {50, 1}).build(), FrameFormat.FLAG_KEY, "key length");
        assertProblem(StreamRecord.atNanos(1).build(), FrameFormat.FLAG_KEY, "key length");
        assertProblem(StreamRecord.atNanos(1).value(new byte[] {0}).build(), FrameFormat.FLAG_HEADERS, "headers");
        assertProblem(StreamRecord.atNanos(1).value(new byte[] {1, 9}).build(), FrameFormat.FLAG_HEADERS, "headers");
        assertProblem(
                StreamRecord.atNanos(1).value(new byte[] {1, 1, 65, 9}).build(), FrameFormat.FLAG_HEADERS, "headers");
    }

    private void assertProblem(StreamRecord record, int flags, String reason) {
        put(0, 0, record);
        frames.putShort(START + FrameFormat.FLAGS_OFFSET, (short) flags);
        view.attach(frames);
        assertThat(view.moveTo(START)).isFalse();
        assertThat(view.problem()).contains(reason);
    }

    @Test
    void aHeaderNameThatIsHalfASurrogatePairIsRefused() {
        StreamRecord record = StreamRecord.atNanos(1)
                .headers(List.of(new RecordHeader("x\uD83D", null)))
                .build();
        assertThatThrownBy(() -> FrameEncoder.lengthOf(0, record)).isInstanceOf(InvalidRecordException.class);
    }

    @Test
    void buffersOfAViewAreReadOnly() {
        put(0, 0, StreamRecord.atNanos(1).key(bytes(1)).value(bytes(2)).build());
        view.attach(frames);
        view.moveTo(START);
        assertThat(view.key()).satisfies(key -> assertThat(key.isReadOnly()).isTrue());
        assertThat(view.value())
                .satisfies(value -> assertThat(value.isReadOnly()).isTrue());
        assertThat(view.key()).isEqualTo(ByteBuffer.wrap(bytes(1)));
        assertThat(view.value()).isEqualTo(ByteBuffer.wrap(bytes(2)));
    }

    @Test
    void encodingAndLookingAllocateNothing() {
        ByteBuffer value = ByteBuffer.allocateDirect(100);
        StreamRecord record = StreamRecord.atMillis(5)
                .key(bytes(10))
                .headers(List.of(new RecordHeader("name", bytes(3))))
                .value(bytes(20))
                .build();
        view.attach(frames);
        long[] sum = new long[1];
        long allocated = AllocationCounter.allocatedBytes(1, () -> sum[0] += exercise(value, record, 10_000));
        assertThat(sum[0]).isNotZero();
        assertThat(allocated).isZero();
    }

    private long exercise(ByteBuffer value, StreamRecord record, int times) {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            encoder.start(frames, START, i & 1, i);
            frames.putInt(START, encoder.finish(i, 3, value));
            sum += look();
            frames.putInt(START, encode(record, i));
            sum += look();
        }
        return sum;
    }

    private int encode(StreamRecord record, int delta) {
        encoder.start(frames, START, 1, delta);
        return encoder.finish(record);
    }

    private long look() {
        if (verifier.check(frames, START, 4096) != FrameState.VALID || !view.moveTo(START)) {
            throw new AssertionError(view.problem());
        }
        ByteBuffer key = view.key();
        ByteBuffer value = view.value();
        return view.sequence()
                + view.timestampNs()
                + view.typeId()
                + (key == null ? 0 : key.remaining())
                + (value == null ? 0 : value.remaining());
    }

    private void assertComesBack(int context, int delta, StreamRecord record) {
        int length = put(context, delta, record);
        assertThat(FrameEncoder.lengthOf(context, record)).isEqualTo(length);
        assertThat(verifier.check(frames, START, 4096)).isEqualTo(FrameState.VALID);
        view.attach(frames);
        assertThat(view.moveTo(START)).as(view.problem()).isTrue();
        view.sequenceBase(0);
        assertThat(view.toRecord()).isEqualTo(record);
        assertThat(view.contextReference()).isEqualTo(context);
        assertThat(view.sequence()).isEqualTo(delta);
        assertThat(view.headers()).isEqualTo(record.headers());
        assertThat(view.headerCount()).isEqualTo(record.headers().size());
        byte[] key = record.key();
        byte[] value = record.value();
        assertThat(view.keyLength()).isEqualTo(key == null ? -1 : key.length);
        assertThat(view.valueLength()).isEqualTo(value == null ? -1 : value.length);
    }

    private int put(int context, int delta, StreamRecord record) {
        encoder.start(frames, START, context, delta);
        int length = encoder.finish(record);
        frames.putInt(START, length);
        return length;
    }

    private byte[] copy(int length) {
        byte[] copy = new byte[FrameFormat.paddedLength(length)];
        frames.get(START, copy);
        return copy;
    }

    private static byte[] bytes(int size) {
        return "0123456789".repeat(size / 10 + 1).substring(0, size).getBytes(StandardCharsets.UTF_8);
    }
}
