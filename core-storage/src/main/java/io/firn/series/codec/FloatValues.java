package io.firn.series.codec;

/**
 * Values that came from 32-bit floats: the patterns of these as integers in the order of the floats (for a negative one
 * all bits but the sign are inverted), as an integer vector.
 *
 * <p>Infinities and NaN are converted by their bits, so that no processor can change a payload. Confined to one thread.
 */
final class FloatValues implements ValueColumn {
    private static final int LOST_BITS = 29;
    private static final long LOST_MASK = (1L << LOST_BITS) - 1;
    private static final long EXPONENT = 0x7FFL << 52;
    private static final long FRACTION = (1L << 52) - 1;
    private static final int FLOAT_EXPONENT = 0x7F80_0000;
    private static final int FLOAT_FRACTION = 0x007F_FFFF;

    private final IntegerVector integerVector;
    private final long[] integers;

    FloatValues(int maxCount) {
        integerVector = new IntegerVector(maxCount);
        integers = new long[maxCount];
    }

    @Override
    public boolean encode(ValueVector vector, ByteSink sink, int limitBytes) {
        int start = sink.size();
        for (int i = 0; i < vector.count(); i++) {
            long bits = vector.bits()[i];
            int pattern = isFinite(bits) ? Float.floatToRawIntBits((float) vector.values()[i]) : narrow(bits);
            if (widen(pattern) != bits) {
                return false;
            }
            integers[i] = inOrder(pattern);
        }
        integerVector.encode(integers, vector.count(), sink);
        return sink.size() - start <= limitBytes;
    }

    @Override
    public void decode(ByteSource source, int count, double[] target, int at) {
        integerVector.decode(source, count, integers);
        for (int i = 0; i < count; i++) {
            int pattern = (int) integers[i];
            if (pattern != integers[i]) {
                throw source.corrupt("float pattern " + integers[i] + " has more than 32 bits");
            }
            target[at + i] = Double.longBitsToDouble(widen(inOrder(pattern)));
        }
    }

    /** Its own inverse. */
    private static int inOrder(int pattern) {
        return pattern ^ ((pattern >> (Integer.SIZE - 1)) & Integer.MAX_VALUE);
    }

    private static boolean isFinite(long bits) {
        return (bits & EXPONENT) != EXPONENT;
    }

    /** Only right for infinities and NaN whose lost bits are zero, which {@link #widen} shows. */
    private static int narrow(long bits) {
        int sign = (int) (bits >>> Integer.SIZE) & Integer.MIN_VALUE;
        return sign | FLOAT_EXPONENT | (int) ((bits & FRACTION & ~LOST_MASK) >>> LOST_BITS);
    }

    private static long widen(int pattern) {
        if ((pattern & FLOAT_EXPONENT) != FLOAT_EXPONENT) {
            return Double.doubleToRawLongBits(Float.intBitsToFloat(pattern));
        }
        long sign = (long) (pattern & Integer.MIN_VALUE) << Integer.SIZE;
        return sign | EXPONENT | (long) (pattern & FLOAT_FRACTION) << LOST_BITS;
    }
}
