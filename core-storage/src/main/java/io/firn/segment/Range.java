package io.firn.segment;

/**
 * A range of sequences or timestamps, both ends inclusive; empty when {@code first > last}.
 *
 * @param first lowest value
 * @param last highest value
 */
public record Range(long first, long last) {
    /** The range that holds nothing; joining it to another gives the other. */
    public static final Range EMPTY = new Range(Long.MAX_VALUE, Long.MIN_VALUE);

    /** Whether the range holds nothing. */
    public boolean isEmpty() {
        return first > last;
    }

    /** Whether the range holds a value. */
    public boolean contains(long value) {
        return first <= value && value <= last;
    }

    /** The smallest range that holds this one and another one. */
    public Range join(Range other) {
        return new Range(Math.min(first, other.first), Math.max(last, other.last));
    }
}
