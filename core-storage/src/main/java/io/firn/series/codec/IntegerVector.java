package io.firn.series.codec;

import io.firn.error.CorruptDataException;

/**
 * Integers as distances from a base, of the numbers, of their differences or of the differences of these, whichever is
 * smallest; a common divisor of their distances from the first is taken out before.
 *
 * <pre>
 * u8 form: order 0, 1 or 2 (low two bits), 4 = a divisor, 8 = patches
 * u8 width, 0 to 64
 * with a divisor: varint divisor, at least 2, zz origin (without: 1 and 0)
 * from order 1 on: zz first number; with order 2: zz first difference
 * zz base
 * packed distances of width bits, one for each number less the order
 * with patches: varint count, then for each: varint gap to the previous one, zz high bits
 * </pre>
 *
 * Nothing stands for no numbers at all. All arithmetic is modulo 2^64, so every 64-bit integer comes back. Confined to
 * one thread.
 */
final class IntegerVector {
    /** Highest order of differences. */
    static final int MAX_ORDER = 2;

    private static final int ORDER_MASK = 3;
    private static final int DIVISOR = 4;
    private static final int PATCHES = 8;
    private static final int FORMS = 16;
    /** Of fewer numbers every order is tried. */
    private static final int MIN_SURVEYED = 256;
    /** A divisor and an origin cost about this many bytes. */
    private static final int DIVISOR_BYTES = 12;

    private final long[][] differences;
    private final ResidualPlan[] plans = {new ResidualPlan(), new ResidualPlan(), new ResidualPlan()};
    private final OrderSurvey survey = new OrderSurvey();
    private final int[] patchAt;

    /** Creates the codec for up to {@code maxCount} numbers. */
    IntegerVector(int maxCount) {
        differences = new long[MAX_ORDER + 1][maxCount];
        patchAt = new int[maxCount];
    }

    /** Appends the numbers with the order of differences that takes the fewest bytes. */
    void encode(long[] numbers, int count, ByteSink sink) {
        encode(numbers, count, 0, MAX_ORDER, sink);
    }

    /** Appends the numbers as differences of differences. */
    void encodeOfOrderTwo(long[] numbers, int count, ByteSink sink) {
        encode(numbers, count, MAX_ORDER, MAX_ORDER, sink);
    }

    private void encode(long[] numbers, int count, int lowestOrder, int highestOrder, ByteSink sink) {
        if (count == 0) {
            return;
        }
        long divisor = worthwhileDivisor(numbers, count);
        long origin = divisor == 1 ? 0 : numbers[0];
        if (divisor == 1) {
            System.arraycopy(numbers, 0, differences[0], 0, count);
        } else {
            putQuotients(numbers, origin, divisor, count);
        }
        int order = bestOrder(count, Math.min(lowestOrder, count - 1), Math.min(highestOrder, count - 1));
        int formAt = sink.size();
        sink.octet(order | (divisor == 1 ? 0 : DIVISOR));
        sink.octet(plans[order].width());
        if (divisor != 1) {
            sink.unsigned(divisor);
            sink.signed(origin);
        }
        for (int i = 0; i < order; i++) {
            sink.signed(differences[i][0]);
        }
        if (putDistances(order, count - order, sink)) {
            sink.array()[formAt] |= PATCHES;
        }
    }

    private void putQuotients(long[] numbers, long origin, long divisor, int count) {
        long[] quotients = differences[0];
        for (int i = 0; i < count; i++) {
            quotients[i] = (numbers[i] - origin) / divisor;
        }
    }

    /** The order of differences of {@code differences[0]} that takes the fewest bits. */
    private int bestOrder(int count, int lowest, int highest) {
        int best = -1;
        boolean choose = lowest < highest && count >= MIN_SURVEYED;
        if (choose) {
            survey.look(differences[0], count, highest);
        }
        for (int order = 0; order <= highest; order++) {
            if (order > 0) {
                Differences.of(differences[order - 1], count - order + 1, differences[order]);
            }
            if (order >= lowest && (!choose || survey.mayWin(order))) {
                plans[order].plan(differences[order], count - order);
                best = best < 0 || plans[order].sizeBits() < plans[best].sizeBits() ? order : best;
            }
        }
        return best;
    }

    private boolean putDistances(int order, int count, ByteSink sink) {
        long base = plans[order].base();
        int width = plans[order].width();
        sink.signed(base);
        long[] distances = differences[order];
        int patches = 0;
        for (int i = 0; i < count; i++) {
            long distance = distances[i] - base;
            distances[i] = distance;
            if (width < Long.SIZE && distance >> width != 0) {
                patchAt[patches++] = i;
            }
        }
        BitPacking.pack(distances, count, width, sink);
        if (patches == 0) {
            return false;
        }
        sink.unsigned(patches);
        int next = 0;
        for (int i = 0; i < patches; i++) {
            sink.unsigned(patchAt[i] - next);
            sink.signed(distances[patchAt[i]] >> width);
            next = patchAt[i] + 1;
        }
        return true;
    }

    /** Takes {@code count} numbers. */
    void decode(ByteSource source, int count, long[] target) {
        if (count == 0) {
            return;
        }
        int form = source.octet();
        int order = form & ORDER_MASK;
        int width = source.octet();
        if (form >= FORMS || order > MAX_ORDER || order >= count || width > Long.SIZE) {
            throw source.corrupt("integers of form " + form + " and width " + width + " for " + count + " numbers");
        }
        long divisor = (form & DIVISOR) == 0 ? 1 : divisor(source);
        long origin = divisor == 1 ? 0 : source.signed();
        for (int i = 0; i < order; i++) {
            target[i] = source.signed();
        }
        long base = source.signed();
        if (order == 1 && (form & PATCHES) == 0 && BitPacking.isNarrow(width)) {
            BitPacking.unpackSums(source, count, width, base, target);
        } else {
            BitPacking.unpack(source, count - order, width, differences[0]);
            if ((form & PATCHES) != 0) {
                patch(source, differences[0], count - order, width);
            }
            sum(order, base, count, target);
        }
        if (divisor != 1) {
            for (int i = 0; i < count; i++) {
                target[i] = origin + target[i] * divisor;
            }
        }
    }

    private static long divisor(ByteSource source) {
        long divisor = source.unsigned();
        if (divisor < 2) {
            throw source.corrupt("divisor " + Long.toUnsignedString(divisor));
        }
        return divisor;
    }

    private static void patch(ByteSource source, long[] distances, int count, int width) {
        int patches = source.count(count, "number of patches");
        int next = 0;
        for (int i = 0; i < patches; i++) {
            int at = next + source.count(count, "gap between patches");
            if (at >= count || width == Long.SIZE) {
                throw notPatchable(source, at, count, width);
            }
            distances[at] += source.signed() << width;
            next = at + 1;
        }
    }

    private static CorruptDataException notPatchable(ByteSource source, int at, int count, int width) {
        return source.corrupt("patch of number " + at + " of " + count + " with width " + width);
    }

    private void sum(int order, long base, int count, long[] target) {
        long[] distances = differences[0];
        if (order == 0) {
            for (int i = 0; i < count; i++) {
                target[i] = base + distances[i];
            }
        } else if (order == 1) {
            long sum = target[0];
            for (int i = 1; i < count; i++) {
                sum += base + distances[i - 1];
                target[i] = sum;
            }
        } else {
            long difference = target[1];
            long sum = target[0] + difference;
            target[1] = sum;
            for (int i = 2; i < count; i++) {
                difference += base + distances[i - 2];
                sum += difference;
                target[i] = sum;
            }
        }
    }

    private static long worthwhileDivisor(long[] numbers, int count) {
        long divisor = commonDivisor(numbers, count);
        long savedBytes = (BitPacking.bitLength(divisor) - 1) * (long) count / Byte.SIZE;
        return savedBytes > DIVISOR_BYTES ? divisor : 1;
    }

    /** Greatest common divisor of all distances from the first number; 1 when they overflow or are all zero. */
    private static long commonDivisor(long[] numbers, int count) {
        long first = numbers[0];
        long divisor = 0;
        for (int i = 1; i < count && divisor != 1; i++) {
            long distance = numbers[i] - first;
            boolean overflows = ((numbers[i] ^ first) & (numbers[i] ^ distance)) < 0;
            if (overflows || distance == Long.MIN_VALUE) {
                return 1;
            }
            divisor = greatestCommonDivisor(Math.abs(distance), divisor);
        }
        return Math.max(1, divisor);
    }

    private static long greatestCommonDivisor(long number, long other) {
        long a = number;
        long b = other;
        while (b != 0) {
            long rest = a % b;
            a = b;
            b = rest;
        }
        return a;
    }
}
