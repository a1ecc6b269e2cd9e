package io.firn.log;

/**
 * Sequences that a lane will never hold: {@code [from, to)}.
 *
 * @param from first missing sequence, inclusive
 * @param to end, exclusive
 */
public record Gap(long from, long to) {
    /** Checks that the range is not empty. */
    public Gap {
        if (from >= to) {
            throw new IllegalArgumentException("gap [" + from + ", " + to + ") is empty");
        }
    }
}
