package io.firn.log;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which rewritten segments are visible, and which records of lane segments they replace.
 *
 * <p>Immutable; thread-safe.
 */
public final class CatalogState {
    /** A catalog in which nothing was ever rewritten. */
    public static final CatalogState EMPTY = new CatalogState(1, Map.of(), Map.of(), Map.of());

    private final long nextNumber;
    private final Map<String, SegmentEntry> segments;
    private final Map<String, Removal> removals;
    private final Map<String, Long> expired;

    private CatalogState(
            long nextNumber,
            Map<String, SegmentEntry> segments,
            Map<String, Removal> removals,
            Map<String, Long> expired) {
        this.nextNumber = nextNumber;
        this.expired = Map.copyOf(expired);
        this.segments = Collections.unmodifiableMap(segments);
        this.removals = Collections.unmodifiableMap(removals);
    }

    /** The lowest catalog number that no visible segment ever had. */
    public long nextNumber() {
        return nextNumber;
    }

    /** The visible segments in the order in which they were added. */
    public Collection<SegmentEntry> segments() {
        return segments.values();
    }

    /** The visible segment of a path. */
    public Optional<SegmentEntry> segment(String path) {
        return Optional.ofNullable(segments.get(path));
    }

    /** What was removed from a lane's segment. */
    public Optional<Removal> removal(String path) {
        return Optional.ofNullable(removals.get(path));
    }

    /** All removals of lane segments that are still remembered. */
    public Collection<Removal> removals() {
        return removals.values();
    }

    /** By lane, how many of its committed records were removed for ever. */
    public Map<String, Long> expired() {
        return expired;
    }

    /** Directory names of the lanes of which visible segments hold records. */
    public Set<String> lanes() {
        Set<String> lanes = new TreeSet<>();
        String last = "";
        for (SegmentEntry segment : segments.values()) {
            for (LaneRange range : segment.lanes()) {
                if (!range.lane().equals(last)) { // mostly one after the other
                    last = range.lane();
                    lanes.add(last);
                }
            }
        }
        return lanes;
    }

    /** Whether every committed record of a lane's segment was rewritten elsewhere. */
    public boolean isRemoved(LaneSegment segment) {
        Removal removal = removals.get(segment.path());
        return removal != null && removal.covers(segment);
    }

    /** Committed records of a lane's segment that were neither rewritten elsewhere nor removed for ever. */
    public long recordsLeft(LaneSegment segment) {
        Removal removal = removals.get(segment.path());
        if (removal == null) {
            return segment.records();
        }
        return removal.covers(segment) ? 0 : Math.max(0, segment.records() - removal.records());
    }

    Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * Applies changes without copying the state for each: once before the first, and again before the next one after a
     * state was built. Confined to one thread.
     */
    static final class Builder {
        private long nextNumber;
        private Map<String, SegmentEntry> segments;
        private Map<String, Removal> removals;
        private Map<String, Long> expired;
        /** Whether a state that is not to change has these maps. */
        private boolean shared = true;

        private Builder(CatalogState start) {
            this.nextNumber = start.nextNumber;
            this.segments = start.segments;
            this.removals = start.removals;
            this.expired = start.expired;
        }

        Builder nextNumber(long number) {
            nextNumber = Math.max(nextNumber, number);
            return this;
        }

        Builder apply(CatalogChange change) {
            own(change.added().size());
            change.removals().forEach(removal -> removals.merge(removal.path(), removal, Removal::merge));
            change.removedPaths().forEach(segments::remove);
            change.added().forEach(entry -> segments.put(entry.path(), entry));
            change.expired().forEach((lane, records) -> expired.merge(lane, records, Long::sum));
            return this;
        }

        Builder forget(String laneSegmentPath) {
            own(0);
            removals.remove(laneSegmentPath);
            return this;
        }

        private void own(int moreSegments) {
            if (shared) {
                segments = copyWithRoom(segments, moreSegments);
                removals = new LinkedHashMap<>(removals);
                expired = new LinkedHashMap<>(expired);
                shared = false;
            }
        }

        private static <V> Map<String, V> copyWithRoom(Map<String, V> map, int more) {
            // three quarters are used at most
            Map<String, V> copy = new LinkedHashMap<>((map.size() + more) * 4 / 3 + 1);
            copy.putAll(map);
            return copy;
        }

        CatalogState build() {
            shared = true;
            return new CatalogState(nextNumber, segments, removals, expired);
        }
    }
}
