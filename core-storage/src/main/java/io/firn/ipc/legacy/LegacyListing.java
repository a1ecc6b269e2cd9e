package io.firn.ipc.legacy;

import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The segments of an old stream at one moment.
 *
 * @param ids all segments, ascending
 * @param hot those that have a hot file
 */
record LegacyListing(SortedSet<Long> ids, Set<Long> hot) {
    LegacyListing {
        ids = Collections.unmodifiableSortedSet(new TreeSet<>(ids));
        hot = Set.copyOf(hot);
    }

    /**
     * Whether the segments up to an id are still those of an earlier listing. Compressing one is no change; a hot file
     * where there was none is: the old system could use an id twice.
     */
    boolean goesOnFrom(LegacyListing before, long id) {
        return ids.headSet(id + 1).equals(before.ids.headSet(id + 1))
                && hot.stream().allMatch(each -> each > id || before.hot.contains(each));
    }
}
