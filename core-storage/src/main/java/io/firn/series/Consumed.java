package io.firn.series;

/**
 * How far the samples of table {@code samples} stand in blocks.
 *
 * @param generation generations up to this one, inclusive
 * @param sequence samples of the head below this sequence
 */
record Consumed(long generation, long sequence) {
    static final Consumed NOTHING = new Consumed(0, 0);
}
