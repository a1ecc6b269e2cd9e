package io.firn.series.codec;

import java.util.OptionalInt;

/**
 * Values that are integers over a power of ten, with the bit patterns of those that are not (after Afroozeh et al.,
 * "ALP: Adaptive Lossless floating-Point Compression", SIGMOD 2024, with one exponent and exact division instead of two
 * products).
 *
 * <pre>
 * u8 scale
 * integers
 * varint exceptions, then for each: varint gap to the previous one, u64 bit pattern
 * </pre>
 *
 * Confined to one thread.
 */
final class DecimalValues implements ValueColumn {
    private final IntegerVector integerVector;
    private final DecimalConversion conversion;

    DecimalValues(int maxCount) {
        integerVector = new IntegerVector(maxCount);
        conversion = new DecimalConversion(maxCount);
    }

    @Override
    public boolean encode(ValueVector vector, ByteSink sink, int limitBytes) {
        OptionalInt code = conversion.convert(vector);
        int start = sink.size();
        if (code.isEmpty() || conversion.exceptions() * Double.BYTES >= limitBytes) {
            return false;
        }
        sink.octet(code.getAsInt());
        integerVector.encode(conversion.integers(), vector.count(), sink);
        conversion.putExceptions(vector.bits(), sink);
        return sink.size() - start <= limitBytes;
    }

    @Override
    public void decode(ByteSource source, int count, double[] target, int at) {
        int code = DecimalConversion.takeScale(source);
        integerVector.decode(source, count, conversion.integers());
        conversion.toValues(count, code, target, at);
        DecimalConversion.takeExceptions(source, count, target, at);
    }
}
