package io.firn.table;

import io.firn.log.Gap;
import io.firn.log.LaneSnapshot;
import java.util.List;
import java.util.Map;

/**
 * What is committed of one writer.
 *
 * @param writer the writer's name
 * @param properties what it stored about its origin
 * @param position the next sequence that is not committed
 * @param records committed records since the writer began
 * @param bytes uncompressed size of those that are still there; of a file that several writers share the part that
 *     their numbers of records give
 * @param gapCount recorded gaps since the writer began
 * @param gapSequences sequences that those gaps cover
 * @param recentGaps the latest gaps
 */
public record LaneInfo(
        String writer,
        Map<String, String> properties,
        long position,
        long records,
        long bytes,
        long gapCount,
        long gapSequences,
        List<Gap> recentGaps) {
    static LaneInfo of(LaneSnapshot snapshot, long bytes) {
        return new LaneInfo(
                snapshot.identity().writer(),
                snapshot.identity().properties(),
                snapshot.state().position(),
                snapshot.state().records(),
                bytes,
                snapshot.state().gapCount(),
                snapshot.state().gapSequences(),
                snapshot.state().recentGaps());
    }
}
