package io.firn.lifecycle;

import io.firn.fs.FileStore;
import io.firn.log.LaneSegmentName;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.log.TableLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Segments of writers whose logs are lost: nobody knows what of them is committed before the log is found or rebuilt.
 * Confined to one thread.
 */
final class LostSegments {
    private final TableLayout layout;
    private final Lanes lanes;
    private final Set<String> readable;
    private final Map<Path, Optional<String>> byDirectory = new HashMap<>();

    /**
     * Creates the search; no I/O.
     *
     * @param view the lanes, of which none is damaged
     */
    LostSegments(RewriteContext context, LaneView view) {
        this.layout = context.layout();
        this.lanes = new Lanes(layout, context.clock());
        this.readable = view.lanes().stream().map(LaneSnapshot::lane).collect(Collectors.toSet());
    }

    /** One that may hold records of a partition: it lies in its directory, or in that of the mixed ones. */
    Optional<String> of(PartitionHoldings partition) {
        return in(layout.hot()).or(() -> in(layout.resolve(partition.path())));
    }

    private Optional<String> in(Path directory) {
        return byDirectory.computeIfAbsent(directory, this::find);
    }

    private Optional<String> find(Path directory) {
        FileStore store = layout.store();
        if (!store.isDirectory(directory)) {
            return Optional.empty();
        }
        return store.list(directory).stream()
                .filter(name -> LaneSegmentName.parse(name)
                        .filter(segment -> isLost(segment.lane()))
                        .isPresent())
                .map(name -> layout.relativize(directory.resolve(name)))
                .findFirst();
    }

    /** A lane may have begun since all of them were looked at. */
    private boolean isLost(String lane) {
        return !readable.contains(lane)
                && !(layout.store().isDirectory(layout.lane(lane))
                        && lanes.read(lane).isPresent());
    }
}
