package io.firn.log;

import java.util.List;

/**
 * One change of the catalog: a rewrite of N inputs into M outputs, visible at once.
 *
 * @param removals records of lane segments that the outputs replace
 * @param removedPaths catalogued segments that the outputs replace
 * @param added the outputs
 */
public record CatalogChange(List<Removal> removals, List<String> removedPaths, List<SegmentEntry> added) {
    /** Copies the lists. */
    public CatalogChange {
        removals = List.copyOf(removals);
        removedPaths = List.copyOf(removedPaths);
        added = List.copyOf(added);
    }
}
