package io.firn.table;

import java.util.List;
import java.util.Set;

/**
 * How the writers of a table differ from those that somebody knows.
 *
 * @param added writers that he does not know, by name; their bytes are not counted
 * @param gone names that he knows and that the table has not
 */
public record LaneChanges(List<LaneInfo> added, Set<String> gone) {
    /** Copies the collections. */
    public LaneChanges {
        added = List.copyOf(added);
        gone = Set.copyOf(gone);
    }
}
