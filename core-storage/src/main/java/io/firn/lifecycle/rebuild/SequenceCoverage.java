package io.firn.lifecycle.rebuild;

import io.firn.error.CorruptDataException;
import io.firn.fs.FileStore;
import io.firn.segment.Segment;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentCursor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/** Ascending sequences of one lane, of which some are covered: they stand elsewhere, too, or nowhere any more. */
final class SequenceCoverage {
    private static final int FIRST_CAPACITY = 64;

    private long[] sequences = new long[FIRST_CAPACITY];
    private int size;
    private final BitSet covered = new BitSet();

    /** All sequences of each lane in a sealed file. */
    static Map<String, SequenceCoverage> byLane(FileStore store, Path path, SegmentAccess access) {
        Map<String, SequenceCoverage> lanes = new HashMap<>();
        try (Segment segment = Segment.open(store, path, access);
                SegmentCursor cursor = segment.cursor()) {
            while (cursor.next()) {
                SequenceCoverage lane = lanes.computeIfAbsent(cursor.context().lane(), name -> new SequenceCoverage());
                if (!lane.add(cursor.record().sequence())) {
                    throw outOfOrder(path, cursor);
                }
            }
        }
        return lanes;
    }

    /** Takes the next sequence, or returns false when it does not stand above the one before. */
    boolean add(long sequence) {
        if (size > 0 && sequence <= sequences[size - 1]) {
            return false;
        }
        if (size == sequences.length) {
            sequences = Arrays.copyOf(sequences, size * 2);
        }
        sequences[size++] = sequence;
        return true;
    }

    /** Whether the sequence is one of these. */
    boolean contains(long sequence) {
        return indexOf(sequence) >= 0;
    }

    /** How many of these lie below a sequence. */
    int countBelow(long sequence) {
        return insertion(sequence);
    }

    /** Hears of all of these. */
    void forEach(LongConsumer listener) {
        Arrays.stream(sequences, 0, size).forEach(listener);
    }

    /** Covers a sequence if it is one of these. */
    void cover(long sequence) {
        int index = indexOf(sequence);
        if (index >= 0) {
            covered.set(index);
        }
    }

    /** Covers all sequences of a range, both ends inclusive. */
    void cover(long first, long last) {
        int end = indexOf(last);
        covered.set(insertion(first), end >= 0 ? end + 1 : insertion(last));
    }

    /** How many are covered. */
    long coveredCount() {
        return covered.cardinality();
    }

    /** The highest covered one. */
    OptionalLong lastCovered() {
        int last = covered.length() - 1;
        return last < 0 ? OptionalLong.empty() : OptionalLong.of(sequences[last]);
    }

    /** The first covered one behind one that is not covered. */
    OptionalLong coveredBehindGap() {
        int behind = covered.nextSetBit(covered.nextClearBit(0));
        return behind < 0 ? OptionalLong.empty() : OptionalLong.of(sequences[behind]);
    }

    /** What a file is when {@link #add} returns false for a record of it. */
    static CorruptDataException outOfOrder(Path file, SegmentCursor cursor) {
        return new CorruptDataException(
                file,
                cursor.offset(),
                "sequence " + cursor.record().sequence() + " of lane '"
                        + cursor.context().lane() + "' does not stand above the one before");
    }

    private int insertion(long sequence) {
        int index = indexOf(sequence);
        return index >= 0 ? index : -index - 1;
    }

    private int indexOf(long sequence) {
        return Arrays.binarySearch(sequences, 0, size, sequence);
    }
}
