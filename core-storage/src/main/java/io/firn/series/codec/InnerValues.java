package io.firn.series.codec;

/**
 * The few values within another codec, as decimals, XOR or raw, whichever is smallest: u8 codec, then the values.
 * Confined to one thread.
 */
final class InnerValues {
    private final ValueColumn raw = new RawValues();
    private final ValueColumn decimal;
    private final ValueColumn gorilla;
    private final ValueVector vector;
    private final DecimalHint hint = new DecimalHint();
    private final ByteSink trial = new ByteSink(0);
    private final ByteSink other = new ByteSink(0);

    InnerValues(int maxCount) {
        decimal = new DecimalValues(maxCount);
        gorilla = XorValues.gorilla(maxCount);
        vector = new ValueVector(maxCount);
    }

    /** An empty vector that knows what its outer vector does of decimals, but teaches it nothing. */
    ValueVector vectorWithin(ValueVector outer) {
        hint.follow(outer.hint());
        vector.clear(hint);
        return vector;
    }

    /** Appends the values of {@link #vectorWithin}, at least one; false when they take more than {@code limitBytes}. */
    boolean encode(ByteSink sink, int limitBytes) {
        trial.resize(0);
        other.resize(0);
        int limit = Math.min(limitBytes - 1, vector.count() * Double.BYTES - 1);
        boolean isDecimal = limit > 0 && decimal.encode(vector, trial, limit);
        int better = isDecimal ? trial.size() - 1 : limit;
        if (better > 0 && gorilla.encode(vector, other, better)) {
            return put(ValueCodec.GORILLA, other, sink);
        }
        if (isDecimal) {
            return put(ValueCodec.DECIMAL, trial, sink);
        }
        sink.octet(ValueCodec.RAW.id());
        return raw.encode(vector, sink, limitBytes - 1);
    }

    private static boolean put(ValueCodec codec, ByteSink values, ByteSink sink) {
        sink.octet(codec.id());
        sink.append(values.array(), 0, values.size());
        return true;
    }

    /** Takes {@code count} values, at least one. */
    void decode(ByteSource source, int count, double[] target) {
        int id = source.octet();
        if (id == ValueCodec.RAW.id()) {
            raw.decode(source, count, target, 0);
        } else if (id == ValueCodec.GORILLA.id()) {
            gorilla.decode(source, count, target, 0);
        } else if (id == ValueCodec.DECIMAL.id()) {
            decimal.decode(source, count, target, 0);
        } else {
            throw source.corrupt("value codec " + id + " within another one");
        }
    }
}
