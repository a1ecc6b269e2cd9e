package io.firn.series;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import org.roaringbitmap.RoaringBitmap;

/**
 * The label sets of some series, numbered from 0 on: symbols in primitive arrays, a hash table from label set to
 * number, and postings for matchers. Equal hashes are told apart by comparing all labels. Guarded by its owner's lock.
 */
final class SeriesIndex {
    static final int UNKNOWN = -1;

    private final SymbolTable symbols;
    private final Postings postings = new Postings();
    /** Symbols of names and values in turn, one series behind the other. */
    private int[] pairs = new int[32];
    /** Where the labels of a series end. */
    private int[] ends = new int[8];

    /** Only of series that can be found by their labels; as {@link #slots}. */
    private int[] hashes = new int[8];
    /** Number of a series plus one, 0 where there is none. */
    private int[] slots = new int[16];

    private int size;

    SeriesIndex(SymbolTable symbols) {
        this.symbols = symbols;
    }

    int size() {
        return size;
    }

    SymbolTable symbols() {
        return symbols;
    }

    Postings postings() {
        return postings;
    }

    /** The number of a label set, or {@link #UNKNOWN}. */
    int find(Labels labels) {
        return slots[slot(labels)] - 1;
    }

    /** Adds a label set that is not there yet; returns its number. */
    int add(Labels labels) {
        int[] added = new int[2 * labels.size()];
        for (int i = 0; i < labels.size(); i++) {
            added[2 * i] = symbols.add(labels.name(i));
            added[2 * i + 1] = symbols.add(labels.value(i));
        }
        int ref = append(added);
        if (ref == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * ref);
            growSlots(ref);
        }
        hashes[ref] = labels.hashCode();
        for (int i = 0; i < added.length; i += 2) {
            postings.add(added[i], added[i + 1], ref);
        }
        slots[slot(labels)] = ref + 1;
        return ref;
    }

    /** Adds a label set that is read by number and through postings only, which come apart. */
    int append(int[] symbolPairs) {
        int start = start(size);
        if (start + symbolPairs.length > pairs.length) {
            pairs = Arrays.copyOf(pairs, Math.max(2 * pairs.length, start + symbolPairs.length));
        }
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
        }
        System.arraycopy(symbolPairs, 0, pairs, start, symbolPairs.length);
        ends[size] = start + symbolPairs.length;
        return size++;
    }

    /** No series comes any more: gives spare room back. */
    void trim() {
        pairs = Arrays.copyOf(pairs, start(size));
        ends = Arrays.copyOf(ends, size);
    }

    Labels labels(int ref) {
        int start = start(ref);
        String[] texts = new String[ends[ref] - start];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = symbols.get(pairs[start + i]);
        }
        return Labels.ofSorted(texts);
    }

    /** Symbols of names and values of a series in turn. */
    int[] symbolPairs(int ref) {
        return Arrays.copyOfRange(pairs, start(ref), ends[ref]);
    }

    /** The series that fulfil all conditions. */
    RoaringBitmap match(List<LabelMatcher> matchers) {
        return match(matchers, LabelMatcher::matches);
    }

    /** The same by another way to look whether a condition holds for a value. */
    RoaringBitmap match(List<LabelMatcher> matchers, BiPredicate<LabelMatcher, String> condition) {
        RoaringBitmap result = RoaringBitmap.bitmapOfRange(0, size);
        // Those that need the label first: what is left is small then.
        for (LabelMatcher matcher : matchers) {
            if (!condition.test(matcher, "")) {
                result = RoaringBitmap.and(result, having(matcher, condition));
            }
        }
        for (LabelMatcher matcher : matchers) {
            if (condition.test(matcher, "") && !result.isEmpty()) {
                int name = symbols.find(matcher.name());
                result.andNot(postings.union(name, value -> !condition.test(matcher, symbols.get(value))));
            }
        }
        return result;
    }

    private RoaringBitmap having(LabelMatcher matcher, BiPredicate<LabelMatcher, String> condition) {
        int name = symbols.find(matcher.name());
        if (matcher.kind() == LabelMatcher.Kind.EQUAL) {
            int pair = postings.find(name, symbols.find(matcher.value()));
            return pair == Postings.NONE ? new RoaringBitmap() : postings.refs(pair);
        }
        return postings.union(name, value -> condition.test(matcher, symbols.get(value)));
    }

    /**
     * Looks at every value that the conditions may ever be asked about here.
     *
     * @throws io.firn.error.ConfigException when an expression is stopped at one of them
     */
    void tryOut(List<LabelMatcher> matchers) {
        for (LabelMatcher matcher : matchers) {
            int name = symbols.find(matcher.name());
            for (int pair = postings.firstOf(name); pair != Postings.NONE; pair = postings.next(pair)) {
                matcher.matches(symbols.get(postings.value(pair)));
            }
        }
    }

    /** Puts series into the order of their labels. */
    int[] sort(RoaringBitmap refs) {
        Comparator<Integer> order = this::compare;
        return IntStream.of(refs.toArray())
                .boxed()
                .sorted(order)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Texts are compared only where symbols differ. */
    private int compare(int one, int other) {
        int at = start(one);
        int otherAt = start(other);
        int length = Math.min(ends[one] - at, ends[other] - otherAt);
        for (int i = 0; i < length; i++) {
            if (pairs[at + i] != pairs[otherAt + i]) {
                return symbols.get(pairs[at + i]).compareTo(symbols.get(pairs[otherAt + i]));
            }
        }
        return Integer.compare(ends[one] - at, ends[other] - otherAt);
    }

    Set<String> labelNames() {
        Set<String> names = new TreeSet<>();
        for (int pair = 0; pair < postings.size(); pair++) {
            names.add(symbols.get(postings.name(pair)));
        }
        return names;
    }

    Set<String> labelValues(String name) {
        Set<String> values = new TreeSet<>();
        for (int pair = postings.firstOf(symbols.find(name)); pair != Postings.NONE; pair = postings.next(pair)) {
            values.add(symbols.get(postings.value(pair)));
        }
        return values;
    }

    /** Memory that it holds, bytes; of texts and bitmaps an estimate. */
    long heapBytes() {
        long arrays = (long) Integer.BYTES * (pairs.length + ends.length + hashes.length + slots.length);
        return arrays + symbols.heapBytes() + postings.heapBytes();
    }

    private int start(int ref) {
        return ref == 0 ? 0 : ends[ref - 1];
    }

    private int slot(Labels labels) {
        int mask = slots.length - 1;
        int slot = SymbolTable.spread(labels.hashCode()) & mask;
        while (slots[slot] != 0 && !isSame(slots[slot] - 1, labels)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean isSame(int ref, Labels labels) {
        int start = start(ref);
        if (hashes[ref] != labels.hashCode() || ends[ref] - start != 2 * labels.size()) {
            return false;
        }
        for (int i = 0; i < labels.size(); i++) {
            if (!symbols.get(pairs[start + 2 * i]).equals(labels.name(i))
                    || !symbols.get(pairs[start + 2 * i + 1]).equals(labels.value(i))) {
                return false;
            }
        }
        return true;
    }

    private void growSlots(int count) {
        slots = new int[2 * slots.length];
        int mask = slots.length - 1;
        for (int ref = 0; ref < count; ref++) {
            int slot = SymbolTable.spread(hashes[ref]) & mask;
            while (slots[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = ref + 1;
        }
    }
}
