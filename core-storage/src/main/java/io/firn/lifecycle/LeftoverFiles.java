package io.firn.lifecycle;

import io.firn.fs.FileStore;
import io.firn.log.CatalogState;
import io.firn.log.LaneSnapshot;
import io.firn.log.TableLayout;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Files in a table's directory that nothing committed names. Most are what a crash leaves and what the next writer or
 * maintainer deletes; a segment of a writer that has no log at all is damage. Confined to one thread.
 */
final class LeftoverFiles {
    private static final Pattern LANE_FILE = Pattern.compile("lock|pos|attempt|\\d{20}\\.(log|commit|retired)");
    private static final Pattern CATALOG_FILE = Pattern.compile("lock|\\d{20}\\.log");
    private static final Pattern LANE_SEGMENT = Pattern.compile("[^.]+~[0-9a-f]{8}\\.\\d{20}\\.e\\d+\\.q");
    private static final Set<String> TABLE_FILES =
            Set.of("metadata.json", "metadata.lock", "lanes", "hot", "catalog", "tmp");

    private final TableLayout layout;
    private final FileStore store;
    private final CatalogState catalog;
    private final Set<String> known = new HashSet<>();
    private final Set<String> beganLanes = new HashSet<>();

    /**
     * Creates the search.
     *
     * @param lanes the readable lanes
     * @param laneNames all lanes, also the damaged ones
     */
    LeftoverFiles(TableLayout layout, CatalogState catalog, List<LaneSnapshot> lanes, Set<String> laneNames) {
        this.layout = layout;
        this.store = layout.store();
        this.catalog = catalog;
        catalog.segments().forEach(entry -> known.add(entry.path()));
        for (LaneSnapshot lane : lanes) {
            lane.state().segments().forEach(segment -> known.add(segment.path()));
            beganLanes.add(lane.lane());
        }
        for (String name : laneNames) {
            if (!store.list(layout.lane(name)).stream().allMatch("lock"::equals)) {
                beganLanes.add(name);
            }
        }
    }

    void report(VerifyFindings findings) {
        reportOther(findings, layout.tableDirectory(), name -> TABLE_FILES.contains(name));
        for (String lane : listed(layout.lanes())) {
            reportOther(
                    findings,
                    layout.lanes().resolve(lane),
                    name -> LANE_FILE.matcher(name).matches());
        }
        reportOther(
                findings, layout.catalog(), name -> CATALOG_FILE.matcher(name).matches());
        reportOther(findings, layout.temporary(), name -> false);
        listed(layout.hot())
                .forEach(name -> reportSegment(findings, layout.hot().resolve(name)));
        reportPartition(findings, layout.root());
    }

    private interface Expected {
        boolean is(String name);
    }

    private void reportOther(VerifyFindings findings, Path directory, Expected expected) {
        for (String name : listed(directory)) {
            if (!expected.is(name)) {
                findings.note(layout.relativize(directory.resolve(name)) + ": belongs to nothing that is committed");
            }
        }
    }

    private void reportPartition(VerifyFindings findings, Path directory) {
        for (String name : listed(directory)) {
            Path child = directory.resolve(name);
            if (child.equals(layout.tableDirectory())) {
                continue;
            }
            if (name.indexOf('=') > 0 && store.isDirectory(child)) {
                reportPartition(findings, child);
            } else {
                reportSegment(findings, child);
            }
        }
    }

    private void reportSegment(VerifyFindings findings, Path file) {
        String path = layout.relativize(file);
        String name = String.valueOf(file.getFileName());
        if (known.contains(path)) {
            return;
        }
        boolean ofLane = LANE_SEGMENT.matcher(name).matches();
        if (ofLane && !beganLanes.contains(name.substring(0, name.indexOf('.')))) {
            findings.damage(file, 0, "expected the log of the writer of this file, found none");
        } else if (catalog.removal(path).isPresent()) {
            findings.note(path + ": all of it was rewritten; the lifecycle deletes it");
        } else {
            findings.note(path + (ofLane ? ": nothing of it is committed" : ": belongs to nothing that is committed"));
        }
    }

    private List<String> listed(Path directory) {
        return store.isDirectory(directory) ? store.list(directory) : List.of();
    }
}
