package io.firn.segment;

import io.firn.record.RecordView;

/**
 * Walks over the records of one segment in the order of the file; hot and cold segments answer alike.
 *
 * <p>Below the limit everything is checked: a missing, ended or damaged frame is a
 * {@link io.firn.error.CorruptDataException} that names file and offset. Nothing is allocated per record. Confined to
 * one thread.
 */
public interface SegmentCursor extends AutoCloseable {
    /**
     * Moves to the next record.
     *
     * @return false at the limit (or, when tailing, where nothing more is published yet; a later call may return true)
     */
    boolean next();

    /** The record that the cursor stands on; the same object shows the next one after {@link #next}. */
    RecordView record();

    /** The context of the record: its lane and partition. */
    SegmentContext context();

    /** The raw offset of the record. */
    long offset();

    /** The raw offset behind the last frame that was read: where another cursor could go on. */
    long nextOffset();

    /**
     * Moves so that {@link #next} finds the first record, in the order of the file from the start of the cursor's
     * range, whose timestamp is at or above this one (nanoseconds). Later ones may be below it.
     */
    void seekTimestamp(long timestampNs);

    /** Likewise, the first record whose sequence is at or above this one; in a segment with several lanes, of any. */
    void seekSequence(long sequence);

    /** Likewise, the first record of this lane whose sequence is at or above this one. */
    void seekSequence(String lane, long sequence);

    /**
     * Moves the limit forward, after a commit.
     *
     * @param limitOffset the new limit, a raw offset, not below the present one
     */
    void extendTo(long limitOffset);

    /** Whether a tailing cursor has come to the end word of a sealed segment: nothing will ever follow. */
    boolean ended();

    /** Gives the buffers back; idempotent. */
    @Override
    void close();
}
