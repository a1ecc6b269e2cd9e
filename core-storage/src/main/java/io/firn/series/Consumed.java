package io.firn.series;

import java.util.Map;

/**
 * How far the samples of table {@code samples} stand in blocks.
 *
 * @param generation generations up to this one, inclusive
 * @param sequence samples of the head below this sequence
 * @param marks what {@link SeriesBatch#mark} has set up to there
 */
record Consumed(long generation, long sequence, Map<String, Long> marks) {
    static final Consumed NOTHING = new Consumed(0, 0, Map.of());

    Consumed {
        marks = Map.copyOf(marks);
    }
}
