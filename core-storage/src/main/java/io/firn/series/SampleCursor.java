package io.firn.series;

/**
 * Walks over the samples of one series, ascending by timestamp, no timestamp twice; no object is made for a sample.
 * Confined to one thread.
 */
public interface SampleCursor {
    /**
     * Moves to the next sample.
     *
     * @return false at the end
     * @throws io.firn.error.CorruptDataException when stored bytes are damaged; the message names file and offset
     */
    boolean next();

    /** Timestamp of the sample that the cursor stands on, in the unit of the store. */
    long timestamp();

    /** Its value, with every bit of what was written. */
    double value();
}
