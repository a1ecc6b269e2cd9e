package io.firn.log;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Records of a lane's segment that now stand elsewhere (or nowhere): readers skip them there.
 *
 * @param path path of the lane's segment relative to the table's directory
 * @param contexts per context of that segment the last removed sequence
 * @param completeBytes when positive: every record up to this length of the file is removed
 * @param records number of records that these limits remove
 */
public record Removal(String path, List<ContextLimit> contexts, long completeBytes, long records) {
    /** Copies the list. */
    public Removal {
        contexts = List.copyOf(contexts);
    }

    /**
     * Records of one context that are removed.
     *
     * @param context the context's number in its segment
     * @param lastSequence last removed sequence, inclusive
     */
    public record ContextLimit(int context, long lastSequence) {}

    /** Whether no committed record of the segment is left in it. */
    public boolean covers(LaneSegment segment) {
        return completeBytes > 0 && completeBytes >= segment.lengthBytes();
    }

    /** Both removals of the same segment together; the later one removes further records. */
    Removal merge(Removal later) {
        Map<Integer, Long> limits = new HashMap<>();
        contexts.forEach(limit -> limits.put(limit.context(), limit.lastSequence()));
        later.contexts.forEach(limit -> limits.merge(limit.context(), limit.lastSequence(), Math::max));
        List<ContextLimit> merged = limits.entrySet().stream()
                .map(limit -> new ContextLimit(limit.getKey(), limit.getValue()))
                .toList();
        return new Removal(path, merged, Math.max(completeBytes, later.completeBytes), records + later.records);
    }
}
