package io.firn.table;

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
import java.util.Set;
import java.util.stream.Collectors;

/** Files of a lane's present owner that no commit names yet. Thread-safe; no state. */
final class UncommittedFiles {
    private UncommittedFiles() {}

    /** The files by base sequence. */
    static List<SourceSpec> of(Table table, LaneSnapshot lane) {
        return specs(table.layout(), lane, table.layout().segmentFiles(lane.identity()));
    }

    /** Their paths, of all lanes of a plan. */
    static Set<String> pathsOf(Table table, ReadPlan plan) {
        TableLayout layout = table.layout();
        Map<Path, Map<String, List<LaneSegmentName>>> listed = new HashMap<>();
        Set<String> paths = new HashSet<>();
        for (LaneSnapshot lane : plan.lanes()) {
            List<LaneSegmentName> files = listed.computeIfAbsent(
                            layout.segmentsOf(lane.identity()), directory -> byLane(layout, directory))
                    .getOrDefault(lane.lane(), List.of());
            specs(layout, lane, files).forEach(spec -> paths.add(spec.path()));
        }
        return paths;
    }

    private static Map<String, List<LaneSegmentName>> byLane(TableLayout layout, Path directory) {
        return layout.segmentFiles(directory).stream().collect(Collectors.groupingBy(LaneSegmentName::lane));
    }

    private static List<SourceSpec> specs(TableLayout layout, LaneSnapshot lane, List<LaneSegmentName> files) {
        Path directory = layout.segmentsOf(lane.identity());
        Set<String> committed =
                lane.state().segments().stream().map(LaneSegment::path).collect(Collectors.toSet());
        List<SourceSpec> specs = new ArrayList<>();
        for (LaneSegmentName file : files) {
            String path = layout.relativize(directory.resolve(file.fileName()));
            if (file.epoch() == lane.ownerEpoch() && !committed.contains(path)) {
                specs.add(SourceSpec.uncommitted(path, file.baseSequence()));
            }
        }
        specs.sort(Comparator.comparingLong(SourceSpec::firstSequence));
        return specs;
    }
}
