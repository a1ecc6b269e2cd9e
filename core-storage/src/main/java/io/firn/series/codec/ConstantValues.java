package io.firn.series.codec;

import java.util.Arrays;

/** One bit pattern, eight bytes, for all values. Confined to one thread. */
final class ConstantValues implements ValueColumn {
    @Override
    public boolean encode(ValueVector vector, ByteSink sink, int limitBytes) {
        long pattern = vector.bits()[0];
        for (int i = 1; i < vector.count(); i++) {
            if (vector.bits()[i] != pattern) {
                return false;
            }
        }
        sink.word(pattern);
        return limitBytes >= Double.BYTES;
    }

    @Override
    public void decode(ByteSource source, int count, double[] target, int at) {
        Arrays.fill(target, at, at + count, Double.longBitsToDouble(source.word()));
    }
}
