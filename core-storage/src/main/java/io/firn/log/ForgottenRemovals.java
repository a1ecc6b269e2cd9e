package io.firn.log;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Removals that a new catalog base need not repeat: the segment's lane, read by rule 1, does not list it any more, and
 * its file is gone durably (rule 18).
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
        Set<String> listed = listedByLanes();
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

    private Set<String> listedByLanes() {
        Set<String> listed = new HashSet<>();
        for (LaneSnapshot lane : new Lanes(layout, clock).readAll()) {
            lane.state().segments().forEach(segment -> listed.add(segment.path()));
        }
        return listed;
    }
}
