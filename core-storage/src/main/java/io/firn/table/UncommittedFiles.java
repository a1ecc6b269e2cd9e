package io.firn.table;

import io.firn.error.NotFoundException;
import io.firn.log.LaneIdentity;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSegmentName;
import io.firn.log.LaneSnapshot;
import io.firn.log.TableLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Files of a lane's present owner that no commit names yet. Thread-safe; no state. */
final class UncommittedFiles {
    private UncommittedFiles() {}

    /** The epoch in the name of a segment file of a lane; empty for other files. */
    static Optional<Long> epochOf(String name, String lane) {
        return LaneSegmentName.parse(name)
                .filter(file -> file.lane().equals(lane))
                .map(LaneSegmentName::epoch);
    }

    /** The files by base sequence. */
    static List<SourceSpec> of(Table table, LaneSnapshot lane) {
        TableLayout layout = table.layout();
        Set<String> committed =
                lane.state().segments().stream().map(LaneSegment::path).collect(Collectors.toSet());
        Path directory = directory(layout, lane.identity());
        List<SourceSpec> specs = new ArrayList<>();
        for (String name : names(layout, directory)) {
            String path = layout.relativize(directory.resolve(name));
            LaneSegmentName.parse(name)
                    .filter(file -> file.lane().equals(lane.lane())
                            && file.epoch() == lane.logPosition().epoch()
                            && !committed.contains(path))
                    .ifPresent(file -> specs.add(SourceSpec.uncommitted(path, file.baseSequence())));
        }
        specs.sort(Comparator.comparingLong(SourceSpec::firstSequence));
        return specs;
    }

    /** Where a lane writes. */
    static Path directory(TableLayout layout, LaneIdentity identity) {
        String partition = identity.properties().getOrDefault(LaneIdentity.PARTITION, "");
        return partition.isEmpty() ? layout.hot() : layout.root().resolve(partition);
    }

    /** Names in a directory, none when it is not there. */
    static List<String> names(TableLayout layout, Path directory) {
        try {
            return layout.store().list(directory);
        } catch (NotFoundException noWriteYet) {
            return List.of();
        }
    }
}
