package io.firn.series.codec;

/**
 * Bit patterns as XOR with their predecessor; or, as delta-XOR, their differences modulo 2^64 as XOR with the previous
 * difference, the first pattern being its own difference. Confined to one thread.
 */
final class XorValues implements ValueColumn {
    private final boolean differences;
    private final XorStream stream = new XorStream();
    private final long[] words;

    private XorValues(boolean differences, int maxCount) {
        this.differences = differences;
        this.words = new long[maxCount];
    }

    static XorValues gorilla(int maxCount) {
        return new XorValues(false, maxCount);
    }

    static XorValues deltaXor(int maxCount) {
        return new XorValues(true, maxCount);
    }

    @Override
    public boolean encode(ValueVector vector, ByteSink sink, int limitBytes) {
        int count = vector.count();
        if (!differences) {
            return stream.encode(vector.bits(), count, sink, limitBytes);
        }
        long previous = 0;
        for (int i = 0; i < count; i++) {
            words[i] = vector.bits()[i] - previous;
            previous = vector.bits()[i];
        }
        return stream.encode(words, count, sink, limitBytes);
    }

    @Override
    public void decode(ByteSource source, int count, double[] target, int at) {
        XorStream.decode(source, count, words);
        if (differences) {
            long sum = 0;
            for (int i = 0; i < count; i++) {
                sum += words[i];
                target[at + i] = Double.longBitsToDouble(sum);
            }
        } else {
            for (int i = 0; i < count; i++) {
                target[at + i] = Double.longBitsToDouble(words[i]);
            }
        }
    }
}
