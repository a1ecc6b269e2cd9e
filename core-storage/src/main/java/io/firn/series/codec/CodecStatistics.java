package io.firn.series.codec;

import java.util.concurrent.atomic.LongAdder;

/** Counts what codecs did, for any number of encoders. Thread-safe; figures of chunks being encoded may be torn. */
public final class CodecStatistics {
    private final Adders[] timestamps = adders(TimestampCodec.values().length);
    private final Adders[] values = adders(ValueCodec.values().length);
    private final LongAdder fallbacks = new LongAdder();
    private final LongAdder belowThreshold = new LongAdder();

    /** Counters that start at zero. */
    public CodecStatistics() {}

    /** What a codec did with timestamps. */
    public CodecCounters of(TimestampCodec codec) {
        return timestamps[codec.ordinal()].sum();
    }

    /** What a codec did with values. */
    public CodecCounters of(ValueCodec codec) {
        return values[codec.ordinal()].sum();
    }

    /** Columns that became raw because the configured codec did not suit them or expanded them. */
    public long fallbacks() {
        return fallbacks.sum();
    }

    /** Chunks that stayed raw because they were too small. */
    public long chunksBelowThreshold() {
        return belowThreshold.sum();
    }

    void add(TimestampCodec codec, int count, int bytes, long ns) {
        timestamps[codec.ordinal()].add(count * Long.BYTES, bytes, ns);
    }

    void add(ValueCodec codec, int count, int bytes, long ns) {
        values[codec.ordinal()].add(count * Double.BYTES, bytes, ns);
    }

    void addFlags(int flags) {
        if ((flags & ChunkFlag.TIMESTAMPS_FELL_BACK.bit()) != 0) {
            fallbacks.increment();
        }
        if ((flags & ChunkFlag.VALUES_FELL_BACK.bit()) != 0) {
            fallbacks.increment();
        }
        if ((flags & ChunkFlag.BELOW_THRESHOLD.bit()) != 0) {
            belowThreshold.increment();
        }
    }

    private static Adders[] adders(int count) {
        Adders[] adders = new Adders[count];
        for (int i = 0; i < count; i++) {
            adders[i] = new Adders();
        }
        return adders;
    }

    private static final class Adders {
        private final LongAdder chunks = new LongAdder();
        private final LongAdder rawBytes = new LongAdder();
        private final LongAdder encodedBytes = new LongAdder();
        private final LongAdder encodeNs = new LongAdder();

        void add(int raw, int encoded, long ns) {
            chunks.increment();
            rawBytes.add(raw);
            encodedBytes.add(encoded);
            encodeNs.add(ns);
        }

        CodecCounters sum() {
            return new CodecCounters(chunks.sum(), rawBytes.sum(), encodedBytes.sum(), encodeNs.sum());
        }
    }
}
