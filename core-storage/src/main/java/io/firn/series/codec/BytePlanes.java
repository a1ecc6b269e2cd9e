package io.firn.series.codec;

/**
 * Words as planes: the lowest byte of every word, then the second lowest, and so on; what bytes of one rank have in
 * common a general compressor finds then. Thread-safe: no state.
 */
final class BytePlanes {
    private BytePlanes() {}

    /** Appends the lowest {@code width} bytes, 0 to 8, of the words. */
    static void put(long[] words, int count, int width, ByteSink sink) {
        sink.reserve(count * width);
        byte[] target = sink.array();
        int at = sink.size();
        for (int plane = 0; plane < width; plane++) {
            int shift = plane * Byte.SIZE;
            for (int i = 0; i < count; i++) {
                target[at + i] = (byte) (words[i] >>> shift);
            }
            at += count;
        }
        sink.resize(at);
    }

    /** Takes words of {@code width} bytes, 0 to 8. */
    static void take(ByteSource source, int count, int width, long[] words) {
        int at = source.take(count * width);
        byte[] bytes = source.array();
        for (int i = 0; i < count; i++) {
            long word = 0;
            for (int plane = 0; plane < width; plane++) {
                word |= (bytes[at + plane * count + i] & 0xFFL) << (plane * Byte.SIZE);
            }
            words[i] = word;
        }
    }
}
