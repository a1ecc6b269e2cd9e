package io.firn.log;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removals that a new catalog base need not repeat: the segment's lane, read by rule 1, does not list it any more, and
 * its file is gone durably (rule 18).
 *
 * <p>It runs between the catalog's fence and its base, and an owner that opens its lane waits for that base. So nothing
 * is forgotten while a lane is being opened: waiting for it would be waiting for each other, until both are helped, and
 * fenced. Of a lane that cannot be read everything is kept: one writer's damage must not stop the table's lifecycle.
 * The same holds of a lane whose log is lost: it may be found again, and lists what it listed.
 *
 * <p>Thread-safe; no state.
 */
final class ForgottenRemovals {
    private static final Logger LOG = LoggerFactory.getLogger(ForgottenRemovals.class);

    private final TableLayout layout;
    private final InstantSource clock;

    ForgottenRemovals(TableLayout layout, InstantSource clock) {
        this.layout = layout;
        this.clock = clock;
    }

    CatalogState without(CatalogState state) {
        if (state.removals().isEmpty()) {
            return state;
        }
        Optional<List<LaneSnapshot>> lanes = new Lanes(layout, clock)
                .readAllWithoutWaiting((lane, damage) ->
                        LOG.warn("what was rewritten of a damaged lane stays in the catalog: lane={}", lane, damage));
        return lanes.isEmpty() ? state : without(state, lanes.get());
    }

    private CatalogState without(CatalogState state, List<LaneSnapshot> lanes) {
        Set<String> readable = lanes.stream().map(LaneSnapshot::lane).collect(Collectors.toSet());
        Set<String> listed = listedBy(lanes);
        List<String> forgotten = new ArrayList<>();
        Set<Path> directories = new LinkedHashSet<>();
        for (Removal removal : state.removals()) {
            Path file = layout.resolve(removal.path());
            boolean needed = listed.contains(removal.path()) || !readable.contains(laneOf(file));
            if (!needed && !layout.store().exists(file)) {
                forgotten.add(removal.path());
                directories.add(Objects.requireNonNull(file.getParent()));
            }
        }
        directories.stream().filter(layout.store()::isDirectory).forEach(layout.store()::forceDirectory);
        CatalogState.Builder builder = state.toBuilder();
        forgotten.forEach(builder::forget);
        return builder.build();
    }

    /** A lane's segments have names that begin with the lane's and a dot, wherever they stand. */
    private static String laneOf(Path segment) {
        String name = segment.getFileName().toString();
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    private static Set<String> listedBy(List<LaneSnapshot> lanes) {
        Set<String> listed = new HashSet<>();
        for (LaneSnapshot lane : lanes) {
            lane.state().segments().forEach(segment -> listed.add(segment.path()));
        }
        return listed;
    }
}
