package io.firn.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * All that is committed in a lane.
 *
 * @param position the next sequence that is not committed; the Kafka offset to read next
 * @param commitNumber number of commits since the lane was created
 * @param records committed records since the lane was created, also those that were settled or expired since
 * @param gapCount gaps since the lane was created
 * @param gapSequences sequences that those gaps cover
 * @param recentGaps the latest gaps, at most {@value #MAX_RECENT_GAPS}
 * @param segments live segments by base sequence; the catalog says which of their records were rewritten elsewhere
 */
public record LaneState(
        long position,
        long commitNumber,
        long records,
        long gapCount,
        long gapSequences,
        List<Gap> recentGaps,
        List<LaneSegment> segments) {
    /** Number of gaps that are kept one by one. */
    public static final int MAX_RECENT_GAPS = 1024;

    /** A lane in which nothing was ever committed. */
    public static final LaneState EMPTY = new LaneState(0, 0, 0, 0, 0, List.of(), List.of());

    /** Copies the lists. */
    public LaneState {
        recentGaps = List.copyOf(recentGaps);
        segments = List.copyOf(segments);
    }

    /** The state after one more commit. */
    public LaneState plus(LaneCommit commit) {
        Map<String, LaneSegment> byPath = new LinkedHashMap<>();
        segments.forEach(segment -> byPath.put(segment.path(), segment));
        long added = 0;
        for (LaneSegment touched : commit.touched()) {
            LaneSegment before = byPath.put(touched.path(), touched);
            added += touched.records() - (before == null ? 0 : before.records());
        }
        long missing =
                commit.gaps().stream().mapToLong(gap -> gap.to() - gap.from()).sum();
        return new LaneState(
                commit.position(),
                commitNumber + 1,
                records + added,
                gapCount + commit.gaps().size(),
                gapSequences + missing,
                latest(commit.gaps()),
                List.copyOf(byPath.values()));
    }

    /** The state without segments that stand elsewhere by now. */
    public LaneState without(Predicate<LaneSegment> rewritten) {
        List<LaneSegment> left = segments.stream().filter(rewritten.negate()).toList();
        return new LaneState(position, commitNumber, records, gapCount, gapSequences, recentGaps, left);
    }

    /** The state that a new owner starts from: given segments, all sealed logically (rule 15). */
    LaneState takenOver(List<LaneSegment> live) {
        List<LaneSegment> rolled = live.stream().map(LaneSegment::asRolled).toList();
        return new LaneState(position, commitNumber, records, gapCount, gapSequences, recentGaps, rolled);
    }

    private List<Gap> latest(List<Gap> more) {
        if (more.isEmpty()) {
            return recentGaps;
        }
        List<Gap> all = new ArrayList<>(recentGaps);
        all.addAll(more);
        return all.subList(Math.max(0, all.size() - MAX_RECENT_GAPS), all.size());
    }
}
