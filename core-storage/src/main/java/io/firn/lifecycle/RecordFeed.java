package io.firn.lifecycle;

/**
 * Gives records, all of a lane in ascending sequence before those of the next lane. Can be asked once.
 */
interface RecordFeed {
    /** Gives every record to the sink. */
    void into(RecordSink sink);
}
