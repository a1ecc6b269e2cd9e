package io.firn.series.codec;

/** Appends single bits and short numbers to bytes, the lowest bit first. Confined to one thread. */
final class BitSink {
    private byte[] target = new byte[0];
    private int at;
    private long word;
    private int filled;

    /** Starts at the end of the bytes; the caller has reserved room for all that follows. */
    void start(ByteSink sink) {
        target = sink.array();
        at = sink.size();
        word = 0;
        filled = 0;
    }

    /** Appends the lowest {@code width} bits, 1 to 64; the others must be zero. */
    void put(long bits, int width) {
        word |= bits << filled;
        filled += width;
        if (filled >= Long.SIZE) {
            LittleEndian.putLong(target, at, word);
            at += Long.BYTES;
            filled -= Long.SIZE;
            word = filled == 0 ? 0 : bits >>> (width - filled);
        }
    }

    /** Index behind the last byte that has a bit. */
    int end() {
        return at + (filled + Byte.SIZE - 1) / Byte.SIZE;
    }

    /** Puts the last bits, and zeros up to the end of their byte, and leaves the bytes with their size. */
    void finish(ByteSink sink) {
        LittleEndian.putLong(target, at, word);
        sink.resize(end());
    }
}
