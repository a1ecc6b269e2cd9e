package io.firn.table;

import io.firn.error.NotFoundException;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSegmentName;
import io.firn.log.LaneSnapshot;
import io.firn.log.TableLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
        Path directory = layout.segmentsOf(lane.identity());
        return specs(layout, lane, directory, names(layout, directory));
    }

    /** Their paths, of all lanes of a plan. */
    static Set<String> pathsOf(Table table, ReadPlan plan) {
        TableLayout layout = table.layout();
        Map<Path, List<String>> listed = new HashMap<>();
        Set<String> paths = new HashSet<>();
        for (LaneSnapshot lane : plan.lanes()) {
            Path directory = layout.segmentsOf(lane.identity());
            List<String> names = listed.computeIfAbsent(directory, path -> names(layout, path));
            specs(layout, lane, directory, names).forEach(spec -> paths.add(spec.path()));
        }
        return paths;
    }

    private static List<SourceSpec> specs(TableLayout layout, LaneSnapshot lane, Path directory, List<String> names) {
        Set<String> committed =
                lane.state().segments().stream().map(LaneSegment::path).collect(Collectors.toSet());
        List<SourceSpec> specs = new ArrayList<>();
        for (String name : names) {
            String path = layout.relativize(directory.resolve(name));
            LaneSegmentName.parse(name)
                    .filter(file -> file.lane().equals(lane.lane())
                            && file.epoch() == lane.ownerEpoch()
                            && !committed.contains(path))
                    .ifPresent(file -> specs.add(SourceSpec.uncommitted(path, file.baseSequence())));
        }
        specs.sort(Comparator.comparingLong(SourceSpec::firstSequence));
        return specs;
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
