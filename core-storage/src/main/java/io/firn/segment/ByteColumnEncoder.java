package io.firn.segment;

import io.firn.record.Varint;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Collects the bytes of a column and writes them joined or, items of one length, as planes. Confined to one thread;
 * used again for the next block after {@link #clear}.
 *
 * @see BytePlanes
 */
final class ByteColumnEncoder {
    private static final int FIRST_CAPACITY = 1024;

    private final ByteEntropy entropy;
    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int size;

    ByteColumnEncoder(ByteEntropy entropy) {
        this.entropy = entropy;
    }

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    void add(ByteBuffer source, int index, int length) {
        if (length > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + length));
        }
        source.get(index, bytes, size, length);
        size += length;
    }

    /** Writes size and bytes. */
    void writeJoined(ByteBuffer target) {
        Varint.put(target, size);
        target.put(bytes, 0, size);
    }

    /** Writes size, mode and bytes. */
    void writeWithMode(ByteBuffer target) {
        Varint.put(target, size);
        target.put((byte) ColumnarFormat.MODE_JOINED);
        target.put(bytes, 0, size);
    }

    /** Writes size, mode, which planes hold differences, and the planes of items of one length. */
    void writePlanes(ByteBuffer target, int length) {
        int count = size / length;
        long deltas = 0;
        for (int plane = 0; plane < length; plane++) {
            deltas |= deltasAreSmaller(plane, length) ? 1L << plane : 0;
        }
        Varint.put(target, size);
        target.put((byte) ColumnarFormat.MODE_PLANES);
        Varint.put(target, deltas);
        byte[] items = new byte[count];
        for (int plane = 0; plane < length; plane++) {
            boolean delta = ((deltas >>> plane) & 1) != 0;
            byte before = 0;
            for (int i = 0, at = plane; i < count; i++, at += length) {
                items[i] = (byte) (bytes[at] - before);
                before = delta ? bytes[at] : 0;
            }
            target.put(items);
        }
    }

    private boolean deltasAreSmaller(int plane, int length) {
        int end = (int) Math.min(size, (long) ByteEntropy.MAX_SAMPLE * length);
        entropy.clear();
        for (int at = plane; at < end; at += length) {
            entropy.add(bytes[at]);
        }
        double plain = entropy.bits();
        entropy.clear();
        byte before = 0;
        for (int at = plane; at < end; at += length) {
            entropy.add(bytes[at] - before);
            before = bytes[at];
        }
        return entropy.bits() < plain;
    }
}
