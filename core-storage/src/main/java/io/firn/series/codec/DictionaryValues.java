package io.firn.series.codec;

import java.util.Arrays;

/**
 * Distinct bit patterns in the order of their first appearance, and an index for each value.
 *
 * <pre>
 * varint entries, 1 to 512
 * inner values: the entries
 * packed indices, in as many bits as the last index has
 * </pre>
 *
 * Confined to one thread.
 */
final class DictionaryValues implements ValueColumn {
    static final int MAX_ENTRIES = 512;

    /** A power of two, at least twice the entries, so that few look-ups meet another entry. */
    private static final int SLOTS = 4 * MAX_ENTRIES;

    private static final int MAX_INDEX_BITS = 9;

    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;
    private static final int EMPTY = -1;

    private final InnerValues inner = new InnerValues(MAX_ENTRIES);
    private final double[] entryValues = new double[MAX_ENTRIES];
    private final int[] slots = new int[SLOTS];
    private final long[] indices;

    DictionaryValues(int maxCount) {
        indices = new long[maxCount];
    }

    @Override
    public boolean encode(ValueVector vector, ByteSink sink, int limitBytes) {
        ValueVector entries = inner.vectorWithin(vector);
        if (!collectEntries(vector, entries, mostEntries(vector.count(), limitBytes))) {
            return false;
        }
        int width = width(entries.count());
        int indexBytes = BitPacking.sizeOf(vector.count(), width);
        int start = sink.size();
        sink.unsigned(entries.count());
        if (!inner.encode(sink, limitBytes - indexBytes - (sink.size() - start))) {
            return false;
        }
        BitPacking.pack(indices, vector.count(), width, sink);
        return true;
    }

    /** With more of them the indices alone would be too long. */
    private static int mostEntries(int count, int limitBytes) {
        int width = limitBytes * Byte.SIZE / count;
        return width >= MAX_INDEX_BITS ? MAX_ENTRIES : 1 << width;
    }

    private boolean collectEntries(ValueVector vector, ValueVector entries, int mostEntries) {
        Arrays.fill(slots, EMPTY);
        for (int i = 0; i < vector.count(); i++) {
            int index = indexOf(vector.values()[i], vector.bits()[i], entries);
            if (index == EMPTY || index >= mostEntries) {
                return false;
            }
            indices[i] = index;
        }
        return entries.count() < vector.count();
    }

    /** Index of a pattern, which becomes an entry if it is none; {@link #EMPTY} when the dictionary is full. */
    private int indexOf(double value, long pattern, ValueVector entries) {
        int slot = (int) ((pattern * MIX) >>> (Long.SIZE - BitPacking.bitLength(SLOTS - 1)));
        while (slots[slot] != EMPTY) {
            if (entries.bits()[slots[slot]] == pattern) {
                return slots[slot];
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        if (entries.count() == MAX_ENTRIES) {
            return EMPTY;
        }
        slots[slot] = entries.count();
        entries.add(value, pattern);
        return slots[slot];
    }

    @Override
    public void decode(ByteSource source, int count, double[] target, int at) {
        int found = source.count(MAX_ENTRIES, "number of dictionary entries");
        if (found == 0) {
            throw source.corrupt("empty dictionary for " + count + " values");
        }
        inner.decode(source, found, entryValues);
        BitPacking.unpack(source, count, width(found), indices);
        for (int i = 0; i < count; i++) {
            int index = (int) indices[i];
            if (index >= found) {
                throw source.corrupt("dictionary index " + index + " of " + found);
            }
            target[at + i] = entryValues[index];
        }
    }

    private static int width(int entryCount) {
        return BitPacking.bitLength(entryCount - 1);
    }
}
