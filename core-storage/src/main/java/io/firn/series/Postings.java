package io.firn.series;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Which series have a label: for each pair of symbols the references as a Roaring bitmap, or as one number while there
 * is only one. The pairs of a name are chained. Guarded by its owner's lock; adding references in ascending order is
 * cheap.
 */
final class Postings {
    static final int NONE = -1;

    private int size;
    private int[] names = new int[8];
    private int[] values = new int[8];
    private int[] first = new int[8];
    private int[] nextOfName = new int[8];
    private @Nullable RoaringBitmap[] all = new @Nullable RoaringBitmap[8];
    /** Number of a pair plus one, 0 where there is none. */
    private int[] slots = new int[16];
    /** Last pair of each symbol that is a name, plus one. */
    private int[] lastOfName = new int[8];

    int size() {
        return size;
    }

    int name(int pair) {
        return names[pair];
    }

    int value(int pair) {
        return values[pair];
    }

    /** The pair of a name and a value, or {@link #NONE}. */
    int find(int name, int value) {
        return name < 0 || value < 0 ? NONE : slots[slot(name, value)] - 1;
    }

    /** A pair of a name, or {@link #NONE}; {@link #next} gives the others. */
    int firstOf(int name) {
        return name < 0 || name >= lastOfName.length ? NONE : lastOfName[name] - 1;
    }

    int next(int pair) {
        return nextOfName[pair];
    }

    void add(int name, int value, int ref) {
        int known = find(name, value);
        if (known == NONE) {
            int pair = addPair(name, value);
            first[pair] = ref;
            return;
        }
        RoaringBitmap bitmap = all[known];
        if (bitmap == null) {
            bitmap = RoaringBitmap.bitmapOf(first[known]);
            all[known] = bitmap;
        }
        bitmap.add(ref);
    }

    /** Takes the references of a new pair. */
    void add(int name, int value, RoaringBitmap refs) {
        int pair = addPair(name, value);
        first[pair] = refs.first();
        all[pair] = refs.getCardinality() > 1 ? refs : null;
    }

    /** The references of a pair; the caller must not change them. */
    RoaringBitmap refs(int pair) {
        RoaringBitmap bitmap = all[pair];
        return bitmap == null ? RoaringBitmap.bitmapOf(first[pair]) : bitmap;
    }

    /** The references of all pairs of a name whose value is wanted. */
    RoaringBitmap union(int name, IntPredicate wanted) {
        RoaringBitmap union = new RoaringBitmap();
        for (int pair = firstOf(name); pair != NONE; pair = next(pair)) {
            if (wanted.test(values[pair])) {
                RoaringBitmap bitmap = all[pair];
                if (bitmap == null) {
                    union.add(first[pair]);
                } else {
                    union.or(bitmap);
                }
            }
        }
        return union;
    }

    /** Memory that it holds, bytes; of bitmaps an estimate. */
    long heapBytes() {
        long bytes = (long) Integer.BYTES * (6L * names.length + slots.length + lastOfName.length);
        for (int pair = 0; pair < size; pair++) {
            RoaringBitmap bitmap = all[pair];
            bytes += bitmap == null ? 0 : bitmap.getLongSizeInBytes();
        }
        return bytes;
    }

    private int addPair(int name, int value) {
        if (size == names.length) {
            grow();
        }
        if (name >= lastOfName.length) {
            lastOfName = Arrays.copyOf(lastOfName, Math.max(name + 1, 2 * lastOfName.length));
        }
        int pair = size++;
        names[pair] = name;
        values[pair] = value;
        nextOfName[pair] = lastOfName[name] - 1;
        lastOfName[name] = pair + 1;
        slots[slot(name, value)] = pair + 1;
        return pair;
    }

    private int slot(int name, int value) {
        int mask = slots.length - 1;
        int slot = SymbolTable.spread(name * 31 + value) & mask;
        while (slots[slot] != 0 && (names[slots[slot] - 1] != name || values[slots[slot] - 1] != value)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        int length = 2 * size;
        names = Arrays.copyOf(names, length);
        values = Arrays.copyOf(values, length);
        first = Arrays.copyOf(first, length);
        nextOfName = Arrays.copyOf(nextOfName, length);
        all = Arrays.copyOf(all, length);
        slots = new int[2 * length];
        for (int pair = 0; pair < size; pair++) {
            slots[slot(names[pair], values[pair])] = pair + 1;
        }
    }
}
