package io.firn.segment;

import io.firn.record.Varint;
import java.nio.ByteBuffer;

/**
 * The index section: varint stride, varint entry count, then per entry varint (offset - previous offset) / 8, varint
 * context, zigzag (sequence - previous sequence), varint record count, zigzag (lowest timestamp - previous lowest),
 * varint (highest - lowest timestamp); "previous" is 0 for the first. Differences wrap around in 64 bits. Thread-safe:
 * no state.
 */
final class SparseIndexCodec {
    private static final int MIN_ENTRY_SIZE = 6;

    private SparseIndexCodec() {}

    static int sizeOf(SparseIndex index) {
        SizeCounter counter = new SizeCounter();
        write(index, counter);
        return counter.size;
    }

    static void encode(SparseIndex index, ByteBuffer target) {
        write(index, value -> Varint.put(target, value));
    }

    private static void write(SparseIndex index, VarintSink out) {
        out.accept(index.stride());
        out.accept(index.size());
        SparseIndex.Entry previous = new SparseIndex.Entry(0, 0, 0, 0, new Range(0, 0));
        for (int i = 0; i < index.size(); i++) {
            SparseIndex.Entry entry = index.entry(i);
            Range timestamps = entry.timestamps();
            out.accept((entry.offset() - previous.offset()) / SegmentFormat.SECTION_ALIGNMENT);
            out.accept(entry.context());
            out.accept(Varint.zigzag(entry.firstSequence() - previous.firstSequence()));
            out.accept(entry.recordCount());
            out.accept(Varint.zigzag(timestamps.first() - previous.timestamps().first()));
            out.accept(timestamps.last() - timestamps.first());
            previous = entry;
        }
    }

    /** Decodes the remaining bytes; an {@link IllegalArgumentException} says what is wrong with them. */
    static SparseIndex decode(ByteBuffer source) {
        SparseIndex index = new SparseIndex(boundedInt(source, Integer.MAX_VALUE, "stride"));
        int count = boundedInt(source, source.remaining() / MIN_ENTRY_SIZE, "entry count");
        long offset = 0;
        long sequence = 0;
        long min = 0;
        for (int i = 0; i < count; i++) {
            offset += Varint.get(source) * SegmentFormat.SECTION_ALIGNMENT;
            int context = boundedInt(source, SegmentFormat.MAX_CONTEXTS - 1, "context reference");
            sequence += Varint.unzigzag(Varint.get(source));
            int records = boundedInt(source, Integer.MAX_VALUE, "record count");
            min += Varint.unzigzag(Varint.get(source));
            long max = min + Varint.get(source);
            index.addStored(new SparseIndex.Entry(offset, context, sequence, records, new Range(min, max)));
        }
        if (source.hasRemaining()) {
            throw new IllegalArgumentException(source.remaining() + " bytes behind the index");
        }
        return index;
    }

    static int boundedInt(ByteBuffer source, int max, String what) {
        long value = Varint.get(source);
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(what + " " + Long.toUnsignedString(value) + " is above " + max);
        }
        return (int) value;
    }

    private interface VarintSink {
        void accept(long value);
    }

    private static final class SizeCounter implements VarintSink {
        private int size;

        @Override
        public void accept(long value) {
            size += Varint.sizeOf(value);
        }
    }
}
