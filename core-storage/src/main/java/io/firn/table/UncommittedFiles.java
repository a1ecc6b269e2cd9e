package io.firn.table;

import io.firn.error.NotFoundException;
import io.firn.log.LaneIdentity;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSnapshot;
import io.firn.log.TableLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Files of a lane's present owner that no commit names yet. Thread-safe; no state. */
final class UncommittedFiles {
    private static final Pattern NAME = Pattern.compile("(.+)\\.(\\d{20})\\.e(\\d+)\\.q");

    private UncommittedFiles() {}

    /** Name of a segment file of a writer. */
    static String fileName(String lane, long baseSequence, long epoch) {
        return String.format("%s.%020d.e%d.q", lane, baseSequence, epoch);
    }

    /** The epoch in the name of a segment file of a lane; empty for other files. */
    static Optional<Long> epochOf(String name, String lane) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches() && matcher.group(1).equals(lane)
                ? Optional.of(Long.parseLong(matcher.group(3)))
                : Optional.empty();
    }

    /** The files by base sequence. */
    static List<SourceSpec> of(Table table, LaneSnapshot lane) {
        TableLayout layout = table.layout();
        Set<String> committed =
                lane.state().segments().stream().map(LaneSegment::path).collect(Collectors.toSet());
        Path directory = directory(layout, lane.identity());
        List<SourceSpec> specs = new ArrayList<>();
        for (String name : names(layout, directory)) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()
                    && matcher.group(1).equals(lane.lane())
                    && Long.parseLong(matcher.group(3)) == lane.logPosition().epoch()) {
                String path = layout.relativize(directory.resolve(name));
                if (!committed.contains(path)) {
                    specs.add(SourceSpec.uncommitted(path, Long.parseLong(matcher.group(2))));
                }
            }
        }
        specs.sort(Comparator.comparingLong(SourceSpec::firstSequence));
        return specs;
    }

    /** Where a lane writes. */
    static Path directory(TableLayout layout, LaneIdentity identity) {
        String partition = identity.properties().getOrDefault(Table.PARTITION_PROPERTY, "");
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
