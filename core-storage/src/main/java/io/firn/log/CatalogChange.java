package io.firn.log;

import java.util.List;
import java.util.Map;

/**
 * One change of the catalog: a rewrite of N inputs into M outputs, visible at once.
 *
 * @param removals records of lane segments that the outputs replace
 * @param removedPaths catalogued segments that the outputs replace
 * @param added the outputs
 * @param expired by lane, how many of the removed records stand nowhere any more
 */
public record CatalogChange(
        List<Removal> removals, List<String> removedPaths, List<SegmentEntry> added, Map<String, Long> expired) {
    /** A change after which every record still stands somewhere. */
    public CatalogChange(List<Removal> removals, List<String> removedPaths, List<SegmentEntry> added) {
        this(removals, removedPaths, added, Map.of());
    }

    /** Copies the lists. */
    public CatalogChange {
        removals = List.copyOf(removals);
        removedPaths = List.copyOf(removedPaths);
        added = List.copyOf(added);
        expired = Map.copyOf(expired);
    }
}
