package io.firn.series.codec;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts what codecs did, for any number of encoders. Thread-safe; figures of chunks being encoded may be torn. */
public final class CodecStatistics {
    private final Map<TimestampCodec, Adders> timestamps = adders(TimestampCodec.class);
    private final Map<ValueCodec, Adders> values = adders(ValueCodec.class);
    private final LongAdder fallbacks = new LongAdder();
    private final LongAdder belowThreshold = new LongAdder();

    /** Counters that start at zero. */
    public CodecStatistics() {}

    /** What a codec did with timestamps. */
    public CodecCounters of(TimestampCodec codec) {
        return adders(timestamps, codec).sum();
    }

    /** What a codec did with values. */
    public CodecCounters of(ValueCodec codec) {
        return adders(values, codec).sum();
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
        adders(timestamps, codec).add(count * Long.BYTES, bytes, ns);
    }

    void add(ValueCodec codec, int count, int bytes, long ns) {
        adders(values, codec).add(count * Double.BYTES, bytes, ns);
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

    private static <C extends Enum<C>> Map<C, Adders> adders(Class<C> codecs) {
        Map<C, Adders> adders = new EnumMap<>(codecs);
        for (C codec : codecs.getEnumConstants()) {
            adders.put(codec, new Adders());
        }
        return adders;
    }

    private static <C> Adders adders(Map<C, Adders> all, C codec) {
        return Objects.requireNonNull(all.get(codec));
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
