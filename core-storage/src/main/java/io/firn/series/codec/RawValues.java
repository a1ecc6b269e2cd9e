package io.firn.series.codec;

/** Eight bytes for each value: its bit pattern, lowest byte first. Confined to one thread. */
final class RawValues implements ValueColumn {
    @Override
    public boolean encode(ValueVector vector, ByteSink sink, int limitBytes) {
        int count = vector.count();
        if (count * Double.BYTES > limitBytes) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            sink.word(vector.bits()[i]);
        }
        return true;
    }

    @Override
    public void decode(ByteSource source, int count, double[] target, int at) {
        int from = source.take(count * Double.BYTES);
        byte[] bytes = source.array();
        for (int i = 0; i < count; i++) {
            target[at + i] = Double.longBitsToDouble(LittleEndian.getLong(bytes, from + i * Double.BYTES));
        }
    }
}
