package io.firn.lifecycle;

import io.firn.fs.FileStore;
import io.firn.log.CatalogState;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSegmentName;
import io.firn.log.LaneSnapshot;
import io.firn.log.Removal;
import io.firn.log.TableLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Deletes segments of lanes whose committed records were all rewritten (rule 22). Confined to one thread.
 */
final class HotUnlinker {
    private final TableLayout layout;
    private final FileForcer forcer;
    private final Set<String> gone = new HashSet<>();

    HotUnlinker(TableLayout layout, FileForcer forcer) {
        this.layout = layout;
        this.forcer = forcer;
    }

    /**
     * Deletes what may go.
     *
     * @param catalog what the caller's own catalog log says: every entry in it has passed its check
     * @param view lanes by TRUST; segments that they do not list any more were dropped by their owners
     * @return deleted files
     */
    int unlink(CatalogState catalog, LaneView view) {
        Map<String, LaneSegment> listed = new HashMap<>();
        for (LaneSnapshot lane : view.lanes()) {
            lane.state().segments().forEach(segment -> listed.put(segment.path(), segment));
        }
        Set<String> readable = view.lanes().stream().map(LaneSnapshot::lane).collect(Collectors.toSet());
        FileStore store = layout.store();
        Set<Path> directories = new LinkedHashSet<>();
        int deleted = 0;
        for (Removal removal : catalog.removals()) {
            LaneSegment segment = listed.get(removal.path());
            boolean mayGo = segment == null
                    ? view.isComplete() && isDropped(removal, readable)
                    : segment.rolled() && removal.covers(segment);
            if (gone.contains(removal.path()) || !mayGo) {
                continue;
            }
            Path file = layout.resolve(removal.path());
            if (store.delete(file)) {
                deleted++;
                directories.add(Objects.requireNonNull(file.getParent()));
            }
            gone.add(removal.path());
        }
        gone.removeIf(path -> catalog.removal(path).isEmpty()); // forgotten by the catalog, too
        forcer.forceDirectories(directories);
        return deleted;
    }

    /**
     * An owner drops a segment only when all of it was removed. A lane without a log has not dropped anything: its log
     * is lost, and the segment may have grown since.
     */
    private static boolean isDropped(Removal removal, Set<String> readable) {
        String name = removal.path().substring(removal.path().lastIndexOf('/') + 1);
        boolean ofReadable = LaneSegmentName.parse(name)
                .filter(file -> readable.contains(file.lane()))
                .isPresent();
        return ofReadable && removal.completeBytes() > 0;
    }
}
