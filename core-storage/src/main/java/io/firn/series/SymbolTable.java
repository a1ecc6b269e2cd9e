package io.firn.series;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Numbers texts in the order in which they come; open addressing with linear probing, nothing is ever removed. Guarded
 * by its owner's lock.
 */
final class SymbolTable {
    static final int UNKNOWN = -1;

    /** A string and its byte array, without the characters. */
    private static final int STRING_OVERHEAD_BYTES = 40;

    private String[] symbols = new String[8];
    /** Number of a symbol plus one, 0 where there is none. */
    private int[] slots = new int[16];

    private int size;
    private long textBytes;

    int size() {
        return size;
    }

    String get(int symbol) {
        return symbols[symbol];
    }

    /** The number of a text, or {@link #UNKNOWN}. */
    int find(String text) {
        return slots[slot(text)] - 1;
    }

    /** The number of a text, which gets one if it has none. */
    int add(String text) {
        int slot = slot(text);
        if (slots[slot] != 0) {
            return slots[slot] - 1;
        }
        if (size == symbols.length) {
            symbols = Arrays.copyOf(symbols, 2 * size);
            grow();
            slot = slot(text);
        }
        symbols[size] = text;
        slots[slot] = ++size;
        textBytes += STRING_OVERHEAD_BYTES + text.length();
        return size - 1;
    }

    /** The place of each symbol in the order of the texts. */
    int[] ranks() {
        int[] sorted = sorted();
        int[] ranks = new int[size];
        for (int i = 0; i < size; i++) {
            ranks[sorted[i]] = i;
        }
        return ranks;
    }

    /** The symbols in the order of their texts. */
    int[] sorted() {
        return IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparing(symbol -> symbols[symbol]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Memory that it holds, bytes; of texts an estimate. */
    long heapBytes() {
        return textBytes + (long) Integer.BYTES * (symbols.length + slots.length);
    }

    private int slot(String text) {
        int mask = slots.length - 1;
        int slot = spread(text.hashCode()) & mask;
        while (slots[slot] != 0 && !symbols[slots[slot] - 1].equals(text)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        slots = new int[2 * slots.length];
        for (int symbol = 0; symbol < size; symbol++) {
            slots[slot(symbols[symbol])] = symbol + 1;
        }
    }

    /** Neighbouring hashes must not make long runs of taken slots. */
    static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 16);
    }
}
