package io.firn.log;

import io.firn.access.AccessTracker;
import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Files in a table's directory that nothing committed names. Most are what a crash leaves and what the next writer or
 * maintainer deletes; a segment of a writer that has no log at all is damage. Confined to one thread.
 */
public final class LeftoverFiles {
    private static final Pattern LANE_FILE =
            Pattern.compile("pos|attempt|" + LogFormat.NUMBER + "\\.(log|commit|retired|withdrawn)");
    private static final Pattern CATALOG_FILE = Pattern.compile("lock|pos|" + LogFormat.NUMBER + "\\.log");
    private static final Pattern LANE_SEGMENT =
            Pattern.compile("[^.]+~[0-9a-f]{8}\\." + LogFormat.NUMBER + "\\.e\\d{1,18}\\.q");
    private static final Pattern OUTPUT = Pattern.compile(LogFormat.NUMBER + "-[0-9a-f]{8}\\.q(\\.zst)?");
    /** Part of the names of logs that a rebuild put aside. */
    private static final String KEPT = ".damaged";

    private static final Set<String> TABLE_FILES = Set.of(
            "metadata.json",
            "metadata.lock",
            "access.lock",
            "access.tmp",
            "lanes",
            "hot",
            "catalog",
            "expired",
            "schemas",
            "sinks",
            "tmp",
            "topics");

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
    public LeftoverFiles(TableLayout layout, CatalogState catalog, List<LaneSnapshot> lanes, Set<String> laneNames) {
        this.layout = layout;
        this.store = layout.store();
        this.catalog = catalog;
        catalog.segments().forEach(entry -> known.add(entry.path()));
        for (LaneSnapshot lane : lanes) {
            lane.state().segments().forEach(segment -> known.add(segment.path()));
            beganLanes.add(lane.lane());
        }
        for (String name : laneNames) {
            if (!store.list(layout.lane(name)).stream().allMatch(OwnerLock::isLockFile)) {
                beganLanes.add(name);
            }
        }
    }

    /** Whether a path names a segment of a writer, of which nothing is committed when no log names it. */
    public static boolean isOfLane(String path) {
        return LANE_SEGMENT.matcher(path.substring(path.lastIndexOf('/') + 1)).matches();
    }

    /** Whether a path names a log that was put aside: it holds no records. */
    public static boolean isOfLog(String path) {
        return path.contains(KEPT);
    }

    /** Hears of every file. */
    @FunctionalInterface
    public interface Listener {
        /**
         * A file that nothing refers to.
         *
         * @param path path relative to the table's directory
         * @param lost whether what referred to it is lost, which is damage
         */
        void found(String path, String reason, boolean lost);
    }

    /** Looks at every file of the table. */
    public void forEach(Listener listener) {
        reportOther(listener, layout.tableDirectory(), TABLE_FILES::contains);
        for (String lane : listed(layout.lanes())) {
            reportOther(
                    listener,
                    layout.lanes().resolve(lane),
                    name -> LANE_FILE.matcher(name).matches() || OwnerLock.isLockFile(name));
        }
        reportOther(
                listener, layout.catalog(), name -> CATALOG_FILE.matcher(name).matches());
        reportTemporary(listener, layout.temporary());
        listed(layout.hot())
                .forEach(name -> reportSegment(listener, layout.hot().resolve(name)));
        reportPartition(listener, layout.root());
    }

    private void reportOther(Listener listener, Path directory, Predicate<String> expected) {
        for (String name : listed(directory)) {
            if (!expected.test(name)) {
                String reason = name.contains(KEPT)
                        ? "a log that a rebuild put aside; nothing reads it"
                        : "belongs to nothing that is committed";
                listener.found(layout.relativize(directory.resolve(name)), reason, false);
            }
        }
    }

    /** One line for each directory: a large rewrite has a file for each partition. */
    private void reportTemporary(Listener listener, Path directory) {
        for (String name : listed(directory)) {
            Path child = directory.resolve(name);
            int files = countFiles(child);
            listener.found(
                    layout.relativize(child),
                    (files == 0 ? "" : files == 1 ? "1 file, " : files + " files, ")
                            + "temporary, of a rewrite that goes on or was interrupted; the next maintainer deletes it",
                    false);
        }
    }

    private int countFiles(Path directory) {
        int files = 0;
        for (String name : listed(directory)) {
            files += Math.max(1, countFiles(directory.resolve(name)));
        }
        return files;
    }

    private void reportPartition(Listener listener, Path directory) {
        for (String name : listed(directory)) {
            Path child = directory.resolve(name);
            if (child.equals(layout.tableDirectory())) {
                continue;
            }
            if (name.indexOf('=') > 0 && store.isDirectory(child)) {
                reportPartition(listener, child);
            } else {
                reportSegment(listener, child);
            }
        }
    }

    private void reportSegment(Listener listener, Path file) {
        String path = layout.relativize(file);
        String name = String.valueOf(file.getFileName());
        if (known.contains(path) || name.equals(AccessTracker.LOG_FILE)) {
            return;
        }
        boolean ofLane = LANE_SEGMENT.matcher(name).matches();
        if (ofLane && !beganLanes.contains(name.substring(0, name.indexOf('.')))) {
            listener.found(path, "expected the log of the writer of this file, found none", true);
        } else if (catalog.removal(path).isPresent()) {
            listener.found(path, "all of it was rewritten; the lifecycle deletes it", false);
        } else if (ofLane) {
            listener.found(path, "nothing of it is committed; the next owner of its lane deletes it", false);
        } else if (OUTPUT.matcher(name).matches()) {
            listener.found(
                    path,
                    "a file of the lifecycle that the catalog does not name: an output that was never entered, or an"
                            + " input that was replaced",
                    false);
        } else {
            listener.found(path, "belongs to nothing that is committed", false);
        }
    }

    private List<String> listed(Path directory) {
        try {
            return store.isDirectory(directory) ? store.list(directory) : List.of();
        } catch (NotFoundException justRemoved) {
            return List.of(); // an empty directory of a partition goes after a drop
        }
    }
}
