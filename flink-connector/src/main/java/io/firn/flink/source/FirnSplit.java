package io.firn.flink.source;

import java.util.UUID;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * A part of one writer's records: logical sequences, never files or offsets, so that what is hot when the split is made
 * may be settled, compressed and compacted before it is read.
 *
 * <p>Immutable; thread-safe.
 *
 * @param tableId the table
 * @param plannedOn host that made the split
 * @param writer name of the writer
 * @param firstSequence where the split began; with the writer its name
 * @param nextSequence first sequence that is still to be read
 * @param endSequence end, exclusive; {@link Long#MAX_VALUE} means that it follows the writer
 * @param historyEnd what is below it was committed before the job started
 * @param minTimestampNs about the lowest timestamp in it, nanoseconds
 * @param choice which of the records are read
 */
public record FirnSplit(
        UUID tableId,
        String plannedOn,
        String writer,
        long firstSequence,
        long nextSequence,
        long endSequence,
        long historyEnd,
        long minTimestampNs,
        ReadChoice choice)
        implements SourceSplit {
    @Override
    public String splitId() {
        return writer + "@" + firstSequence;
    }

    /** The same split after everything below a sequence was emitted. */
    FirnSplit startingAt(long sequence) {
        return new FirnSplit(
                tableId, plannedOn, writer, firstSequence, sequence, endSequence, historyEnd, minTimestampNs, choice);
    }

    /** Whether what was committed before the job started is read. */
    boolean isPastHistory() {
        return nextSequence >= historyEnd;
    }
}
