package io.firn.table;

import io.firn.log.Catalog;
import io.firn.log.CatalogSnapshot;
import io.firn.log.KnownLogs;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.log.TableLayout;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a table holds at one moment: catalog and lanes that fit together.
 *
 * @param catalog the catalog
 * @param lanes all lanes by name
 */
record ReadPlan(CatalogSnapshot catalog, List<LaneSnapshot> lanes) {
    /**
     * Reads the catalog, then all lanes, then the catalog again until it did not change (rule 24): otherwise a record
     * that was settled in between would be seen twice or not at all.
     */
    static ReadPlan make(KnownLogs logs) {
        return make(logs, logs::lanes);
    }

    /** The same for some lanes, by their directory names; the others are not touched. */
    static ReadPlan make(KnownLogs logs, Set<String> wanted) {
        return make(logs, () -> logs.lanes(wanted::contains));
    }

    private static ReadPlan make(KnownLogs logs, Supplier<List<LaneSnapshot>> read) {
        CatalogSnapshot before = logs.catalog();
        while (true) {
            List<LaneSnapshot> snapshots = read.get();
            CatalogSnapshot after = logs.catalog();
            if (after.logPosition().equals(before.logPosition())) {
                return new ReadPlan(after, snapshots);
            }
            before = after;
        }
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
        List<String> names = lanes.names();
        return names.size() == this.lanes.size() && this.lanes.stream().allMatch(lanes::isUnchanged);
    }
}
