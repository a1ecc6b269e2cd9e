package io.firn.series.codec;

/** All codecs of values, and the choice among them. Confined to one thread. */
final class ValueColumns {
    /** Those that usually win first: the others then give up early. */
    private static final ValueCodec[] CANDIDATES = {
        ValueCodec.DECIMAL,
        ValueCodec.RUN_LENGTH,
        ValueCodec.DICTIONARY,
        ValueCodec.FLOAT32,
        ValueCodec.GORILLA,
        ValueCodec.DELTA_XOR
    };

    private final ValueColumn[] columns;
    private ByteSink best = new ByteSink(0);
    private ByteSink trial = new ByteSink(0);

    /** Codecs for vectors of up to {@code maxCount} values. */
    ValueColumns(int maxCount) {
        columns = new ValueColumn[] {
            new RawValues(),
            new ConstantValues(),
            new RunLengthValues(maxCount),
            new DictionaryValues(maxCount),
            XorValues.gorilla(maxCount),
            XorValues.deltaXor(maxCount),
            new DecimalValues(maxCount),
            new FloatValues(maxCount)
        };
    }

    /**
     * Appends values.
     *
     * @param wanted the configured codec
     * @return the codec that was used: the wanted one, the smallest when that is adaptive, or raw when it does not suit
     */
    ValueCodec encode(ValueVector vector, ValueCodec wanted, ByteSink sink) {
        if (vector.count() == 0) {
            return ValueCodec.RAW;
        }
        if (wanted == ValueCodec.ADAPTIVE) {
            return encodeSmallest(vector, sink);
        }
        int start = sink.size();
        int limit = vector.count() * Double.BYTES - 1;
        if (wanted != ValueCodec.RAW && columns[wanted.id()].encode(vector, sink, limit)) {
            return wanted;
        }
        sink.resize(start);
        return putRaw(vector, sink);
    }

    private ValueCodec encodeSmallest(ValueVector vector, ByteSink sink) {
        if (vector.count() > 1 && columns[ValueCodec.CONSTANT.id()].encode(vector, sink, Double.BYTES)) {
            return ValueCodec.CONSTANT;
        }
        ValueCodec chosen = ValueCodec.RAW;
        int size = vector.count() * Double.BYTES;
        for (ValueCodec candidate : CANDIDATES) {
            if (size <= vector.count() && !mayBeatOneByte(candidate, vector)) {
                continue;
            }
            trial.resize(0);
            if (columns[candidate.id()].encode(vector, trial, size - 1)) {
                chosen = candidate;
                size = trial.size();
                ByteSink smaller = trial;
                trial = best;
                best = smaller;
            }
        }
        if (chosen == ValueCodec.RAW) {
            return putRaw(vector, sink);
        }
        sink.append(best.array(), 0, size);
        return chosen;
    }

    /**
     * Whether a codec may beat one that takes at most a byte for each value: decimals or few distinct values have
     * found something then that floats do not see, and XOR only where every second value is that before.
     */
    private static boolean mayBeatOneByte(ValueCodec codec, ValueVector vector) {
        return switch (codec) {
            case FLOAT32 -> false;
            case GORILLA, DELTA_XOR -> vector.changes() < vector.count() / 2;
            default -> true;
        };
    }

    private ValueCodec putRaw(ValueVector vector, ByteSink sink) {
        columns[ValueCodec.RAW.id()].encode(vector, sink, vector.count() * Double.BYTES);
        return ValueCodec.RAW;
    }

    /** Takes {@code count} values and puts them from index {@code at} on. */
    void decode(ValueCodec codec, ByteSource source, int count, double[] target, int at) {
        if (count > 0) {
            columns[codec.id()].decode(source, count, target, at);
        }
    }
}
