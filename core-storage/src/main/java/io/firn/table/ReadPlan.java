package io.firn.table;

import io.firn.log.Catalog;
import io.firn.log.CatalogSnapshot;
import io.firn.log.KnownLogs;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.log.LogPosition;
import io.firn.log.TableLayout;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a table holds at one moment: catalog and lanes that fit together.
 *
 * @param catalog the catalog
 * @param lanes all lanes by name in which something was written
 * @param unbegun the others, and where their logs end
 */
record ReadPlan(CatalogSnapshot catalog, List<LaneSnapshot> lanes, Map<String, LogPosition> unbegun) {
    /**
     * Reads the catalog, then all lanes, then the catalog again until it did not change (rule 24): otherwise a record
     * that was settled in between would be seen twice or not at all.
     */
    static ReadPlan make(KnownLogs logs) {
        return make(logs, name -> true);
    }

    /** The same for some lanes, by their directory names; the others are not touched. */
    static ReadPlan make(KnownLogs logs, Set<String> wanted) {
        return make(logs, wanted::contains);
    }

    private static ReadPlan make(KnownLogs logs, Predicate<String> wanted) {
        CatalogSnapshot before = logs.catalog();
        while (true) {
            Map<String, LogPosition> unbegun = new HashMap<>();
            List<LaneSnapshot> lanes = logs.lanes(wanted, unbegun::put);
            CatalogSnapshot after = logs.catalog();
            if (after.logPosition().equals(before.logPosition())) {
                return new ReadPlan(after, complete(lanes, after, logs, wanted), unbegun);
            }
            before = after;
        }
    }

    /**
     * Adds lanes that a listing did not show yet, as on a network file system.
     *
     * @throws io.firn.error.CorruptDataException when the log of a lane is lost of which the catalog has records
     */
    private static List<LaneSnapshot> complete(
            List<LaneSnapshot> lanes, CatalogSnapshot catalog, KnownLogs logs, Predicate<String> wanted) {
        Set<String> missing = catalog.state().lanes();
        missing.removeIf(wanted.negate());
        lanes.forEach(lane -> missing.remove(lane.lane()));
        if (missing.isEmpty()) {
            return lanes;
        }
        return Stream.concat(lanes.stream(), missing.stream().map(logs::requireLane))
                .sorted(Comparator.comparing(LaneSnapshot::lane))
                .toList();
    }

    /** Whether nothing was committed in these lanes, and nothing rewritten since; new lanes do not count. */
    boolean isCurrentOfItsLanes(TableLayout layout, Lanes lanes) {
        return Catalog.isUnchanged(layout, catalog) && this.lanes.stream().allMatch(lanes::isUnchanged);
    }

    /** Whether nothing was committed or rewritten since; looks at names and sizes only. */
    boolean isCurrent(TableLayout layout, Lanes lanes) {
        if (!Catalog.isUnchanged(layout, catalog)) {
            return false;
        }
        return lanes.names().size() == this.lanes.size() + unbegun.size()
                && this.lanes.stream().allMatch(lanes::isUnchanged)
                && unbegun.entrySet().stream().allMatch(lane -> lanes.isAt(lane.getKey(), lane.getValue()));
    }
}
