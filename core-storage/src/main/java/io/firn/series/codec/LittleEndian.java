package io.firn.series.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** 64-bit words of byte arrays, lowest byte first, at any index. Thread-safe: no state. */
final class LittleEndian {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private LittleEndian() {}

    static long getLong(byte[] source, int at) {
        return (long) LONGS.get(source, at);
    }

    static void putLong(byte[] target, int at, long value) {
        LONGS.set(target, at, value);
    }
}
