package io.firn.lifecycle.rebuild;

import io.firn.fs.FileStore;
import io.firn.log.CatalogRebuild;
import io.firn.log.LaneSegmentName;
import io.firn.log.TableLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Segment files of writers as listings show them, whatever logs say of them. Thread-safe; no state. */
final class LaneFiles {
    private LaneFiles() {}

    /**
     * One file.
     *
     * @param path path relative to the table's directory
     * @param name what its name says
     * @param putAside whether a rebuild renamed it because nothing of it can be read: its name still tells where its
     *     owner began
     */
    record LaneFile(String path, LaneSegmentName name, boolean putAside) {
        long epoch() {
            return name.epoch();
        }

        long baseSequence() {
            return name.baseSequence();
        }
    }

    /** All of them by lane, those of a lane by epoch and base sequence. */
    static Map<String, List<LaneFile>> byLane(TableLayout layout) {
        Map<String, List<LaneFile>> lanes = new TreeMap<>();
        if (layout.store().isDirectory(layout.hot())) {
            collect(layout, layout.hot(), lanes);
        }
        visit(layout, layout.root(), lanes);
        lanes.values()
                .forEach(files -> files.sort(
                        Comparator.comparingLong(LaneFile::epoch).thenComparingLong(LaneFile::baseSequence)));
        return lanes;
    }

    private static void visit(TableLayout layout, Path directory, Map<String, List<LaneFile>> lanes) {
        FileStore store = layout.store();
        for (String name : store.list(directory)) {
            if (name.indexOf('=') > 0 && store.isDirectory(directory.resolve(name))) {
                collect(layout, directory.resolve(name), lanes);
                visit(layout, directory.resolve(name), lanes);
            }
        }
    }

    private static void collect(TableLayout layout, Path directory, Map<String, List<LaneFile>> lanes) {
        for (String fileName : layout.store().list(directory)) {
            int end = fileName.indexOf(CatalogRebuild.PUT_ASIDE + "-");
            LaneSegmentName.parse(end < 0 ? fileName : fileName.substring(0, end))
                    .ifPresent(name -> lanes.computeIfAbsent(name.lane(), lane -> new ArrayList<>())
                            .add(new LaneFile(layout.relativize(directory.resolve(fileName)), name, end >= 0)));
        }
    }
}
