package io.firn.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/**
 * Values that tell whether they were read: every reader adds up the first and the last long of each. A store whose
 * reader looks at the other byte order gets its longs in that order, so that nobody turns bytes around inside the clock.
 *
 * @param size bytes of a value, at least 16
 * @param count number of values
 */
record ReadValues(int size, long count) {
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    /** A buffer of one value's bytes, in an order. */
    ByteBuffer newValue(ByteOrder order) {
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        return ByteBuffer.allocateDirect(size).put(bytes).flip().order(order);
    }

    /** Makes the buffer hold the value of a number. */
    static void number(ByteBuffer value, long number) {
        value.putLong(0, number * FACTOR);
        value.putLong(value.limit() - Long.BYTES, number);
    }

    /** That a run has read everything. */
    void check(String reader, long found, long sum) {
        long expected = 0;
        for (long i = 0; i < count; i++) {
            expected += i * FACTOR + i;
        }
        if (found != count || sum != expected) {
            throw new IllegalStateException(
                    reader + " read " + found + " of " + count + " values, sum " + sum + ", expected " + expected);
        }
    }
}
