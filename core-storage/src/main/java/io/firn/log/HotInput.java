package io.firn.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A lane's segment whose committed records are not all rewritten yet.
 *
 * @param lane directory name of the lane
 * @param segment the segment and its committed length
 * @param removed per context the last sequence that was rewritten already
 */
public record HotInput(String lane, LaneSegment segment, Map<Integer, Long> removed) {
    public HotInput {
        removed = Map.copyOf(removed);
    }

    /** What is left of one segment; a removal says what of it was rewritten. */
    public static HotInput of(String lane, LaneSegment segment, Optional<Removal> removal) {
        Map<Integer, Long> removed = new HashMap<>();
        removal.ifPresent(some -> some.contexts().forEach(limit -> removed.put(limit.context(), limit.lastSequence())));
        return new HotInput(lane, segment, removed);
    }

    /**
     * The segments of all lanes that hold something to rewrite, those of each lane in their order.
     *
     * @param lanes lanes by TRUST, read after the catalog
     */
    public static List<HotInput> of(CatalogState catalog, List<LaneSnapshot> lanes, Predicate<LaneSegment> wanted) {
        List<HotInput> inputs = new ArrayList<>();
        for (LaneSnapshot lane : lanes) {
            for (LaneSegment segment : lane.state().segments()) {
                if (!catalog.isRemoved(segment) && wanted.test(segment)) {
                    inputs.add(of(lane.lane(), segment, catalog.removal(segment.path())));
                }
            }
        }
        return inputs;
    }

    /** Whether a lane's segment lies in the directory of mixed hot segments, not in that of a partition. */
    public static boolean isMixed(LaneSegment segment) {
        return segment.path().startsWith(TableLayout.TABLE_DIRECTORY + "/");
    }

    /** The first sequence of a context that is still to be rewritten. */
    public long firstLeft(int context) {
        Long last = removed.get(context);
        return last == null ? Long.MIN_VALUE : last + 1;
    }
}
