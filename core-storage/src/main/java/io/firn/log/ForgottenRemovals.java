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

/**
 * Removals that a new catalog base need not repeat: the segment's lane, read by rule 1, does not list it any more, and
 * its file is gone durably (rule 18).
 *
 * <p>It runs between the catalog's fence and its base, and an owner that opens its lane waits for that base. So nothing
 * is forgotten while a lane is being opened: waiting for it would be waiting for each other, until both are helped, and
 * fenced.
 *
 * <p>Thread-safe; no state.
 */
final class ForgottenRemovals {
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
        Optional<List<LaneSnapshot>> lanes = new Lanes(layout, clock).readAllWithoutWaiting();
        return lanes.isEmpty() ? state : without(state, listedBy(lanes.get()));
    }

    private CatalogState without(CatalogState state, Set<String> listed) {
        List<String> forgotten = new ArrayList<>();
        Set<Path> directories = new LinkedHashSet<>();
        for (Removal removal : state.removals()) {
            Path file = layout.resolve(removal.path());
            if (!listed.contains(removal.path()) && !layout.store().exists(file)) {
                forgotten.add(removal.path());
                directories.add(Objects.requireNonNull(file.getParent()));
            }
        }
        directories.stream().filter(layout.store()::isDirectory).forEach(layout.store()::forceDirectory);
        CatalogState.Builder builder = state.toBuilder();
        forgotten.forEach(builder::forget);
        return builder.build();
    }

    private static Set<String> listedBy(List<LaneSnapshot> lanes) {
        Set<String> listed = new HashSet<>();
        for (LaneSnapshot lane : lanes) {
            lane.state().segments().forEach(segment -> listed.add(segment.path()));
        }
        return listed;
    }
}
