package io.firn.series;

/**
 * Series of one head or one block in the order of their labels, each with its samples. Confined to one thread.
 */
interface SeriesSource extends AutoCloseable {
    /** Moves to the next series. */
    boolean next();

    Labels labels();

    SeriesType type();

    /** The samples of the series that fulfil the conditions, valid until {@link #next}; may be empty. */
    SampleCursor samples();

    @Override
    default void close() {}
}
