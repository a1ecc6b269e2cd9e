package io.firn.series.codec;

/**
 * Words as XOR with the word before (Pelkonen et al., "Gorilla: A Fast, Scalable, In-Memory Time Series Database", VLDB
 * 2015, section 4.1.2), in bits that are filled from the lowest on.
 *
 * <pre>
 * first word: 64 bits
 * every further one:
 *   0                                      the same word again
 *   1 0 bits                               XOR within the last window
 *   1 1 lead(5) length-1(6) bits(length)   XOR in a window of its own: lead zeros above it, 64 - lead - length below
 * </pre>
 *
 * The first window has no zeros at all. Confined to one thread.
 */
final class XorStream {
    private static final int SAME = 0;
    private static final int REPEAT_WINDOW = 1;
    private static final int NEW_WINDOW = 3;
    private static final int LEAD_BITS = 5;
    private static final int LENGTH_BITS = 6;
    private static final int MAX_LEAD = (1 << LEAD_BITS) - 1;
    private static final int CONTROL_BITS = 2;
    private static final int WINDOW_BITS = CONTROL_BITS + LEAD_BITS + LENGTH_BITS;
    private static final int MAX_BYTES_PER_WORD = 10;

    private final BitSink bits = new BitSink();

    /** Appends the words, at least one; false when that would take more than {@code limitBytes}. */
    boolean encode(long[] words, int count, ByteSink sink, int limitBytes) {
        sink.reserve(count * MAX_BYTES_PER_WORD);
        int end = sink.size() + limitBytes;
        bits.start(sink);
        bits.put(words[0], Long.SIZE);
        int lead = 0;
        int length = Long.SIZE;
        for (int i = 1; i < count && bits.end() <= end; i++) {
            long xor = words[i] ^ words[i - 1];
            int ownLead = Math.min(MAX_LEAD, Long.numberOfLeadingZeros(xor));
            int trail = Long.numberOfTrailingZeros(xor);
            if (xor == 0) {
                bits.put(SAME, 1);
            } else if (ownLead >= lead
                    && trail >= Long.SIZE - lead - length
                    && length <= Long.SIZE - ownLead - trail + LEAD_BITS + LENGTH_BITS) {
                bits.put(REPEAT_WINDOW, CONTROL_BITS);
                bits.put(xor >>> (Long.SIZE - lead - length), length);
            } else {
                lead = ownLead;
                length = Long.SIZE - lead - trail;
                bits.put(NEW_WINDOW | lead << CONTROL_BITS | (length - 1) << (CONTROL_BITS + LEAD_BITS), WINDOW_BITS);
                bits.put(xor >>> trail, length);
            }
        }
        bits.finish(sink);
        return sink.size() <= end;
    }

    /** Takes {@code count} words, at least one. */
    static void decode(ByteSource source, int count, long[] words) {
        byte[] bytes = source.array();
        int bit = source.position() * Byte.SIZE;
        int end = source.limit() * Byte.SIZE;
        long word = source.word();
        words[0] = word;
        bit += Long.SIZE;
        int below = 0;
        int length = Long.SIZE;
        for (int i = 1; i < count; i++) {
            if (bit >= end) {
                throw source.corrupt("XOR stream ends after " + i + " of " + count + " words");
            }
            int control = (int) (LittleEndian.getLong(bytes, bit >>> 3) >>> (bit & 7));
            if ((control & 1) == SAME) {
                bit++;
                words[i] = word;
                continue;
            }
            if ((control & NEW_WINDOW) == REPEAT_WINDOW) {
                bit += CONTROL_BITS;
            } else {
                length = ((control >>> (CONTROL_BITS + LEAD_BITS)) & ((1 << LENGTH_BITS) - 1)) + 1;
                below = Long.SIZE - ((control >>> CONTROL_BITS) & MAX_LEAD) - length;
                bit += WINDOW_BITS;
                if (below < 0) {
                    throw source.corrupt("XOR window of " + length + " bits above " + below);
                }
            }
            word ^= BitPacking.wideBits(bytes, bit, length) << below;
            bit += length;
            words[i] = word;
        }
        if (bit > end) {
            throw source.corrupt("XOR stream ends within its last word");
        }
        source.position((bit + Byte.SIZE - 1) / Byte.SIZE);
    }
}
