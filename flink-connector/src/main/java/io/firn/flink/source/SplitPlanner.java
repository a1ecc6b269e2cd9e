package io.firn.flink.source;

import io.firn.error.ConfigException;
import io.firn.table.ArchiveRoot;
import io.firn.table.LaneChanges;
import io.firn.table.LaneInfo;
import io.firn.table.ReadRange;
import io.firn.table.ReadRanges;
import io.firn.table.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Looks into the table for the enumerator, on its worker thread; {@link #close} may come from another one. */
final class SplitPlanner implements AutoCloseable {
    private final SourceSettings settings;
    private final Optional<UUID> expected;
    private volatile @Nullable Table table;

    SplitPlanner(SourceSettings settings, Optional<UUID> expected) {
        this.settings = settings;
        this.expected = expected;
    }

    /**
     * What there is to read.
     *
     * @param tableId the table
     * @param ends by writer, where the job ends
     * @param ranges the parts of it
     */
    record Plan(UUID tableId, Map<String, Long> ends, List<ReadRange> ranges) {}

    /**
     * Writers of a table.
     *
     * @param tableId the table
     * @param changes how they differ from those that are known
     */
    record Found(UUID tableId, LaneChanges changes) {}

    /** Ranges of what is committed now. */
    Plan plan() {
        Map<String, Long> ends = new HashMap<>();
        List<LaneInfo> lanes = lanes();
        lanes.forEach(lane -> ends.put(lane.writer(), lane.position()));
        if (settings.beforeKafka()) {
            HandOver.of(settings.location().table(), lanes, ends); // refuses now what could not be handed over later
        }
        return plan(Map.of(), ends);
    }

    /** Ranges of what is left up to ends that were fixed before. */
    Plan plan(Map<String, Long> starts, Map<String, Long> ends) {
        Table opened = open();
        List<ReadRange> ranges = ReadRanges.of(
                opened,
                settings.choice()
                        .scan(opened)
                        .writers(ends.keySet())
                        .fromSequences(starts)
                        .toSequences(ends)
                        .build(),
                settings.size().records(),
                settings.size().bytes());
        return new Plan(opened.id(), ends, ranges);
    }

    /** Writers that are not known, and known ones that are gone. */
    Found find(Set<String> known) {
        Table opened = open();
        return new Found(opened.id(), opened.laneChanges(known));
    }

    /** All writers with what they say of their origin. */
    List<LaneInfo> lanes() {
        return find(Set.of()).changes().added();
    }

    @Override
    public void close() {
        Table opened = table;
        if (opened != null) {
            opened.close();
        }
    }

    private Table open() {
        Table opened = table;
        if (opened == null) {
            opened = settings.location().open();
            if (expected.filter(opened.id()::equals).isEmpty() && expected.isPresent()) {
                throw new ConfigException("The checkpoint was made while the job read table " + expected.get()
                        + ", but host " + ArchiveRoot.hostName() + " sees table " + opened.id() + " at " + opened.path()
                        + "; mount the archive that it read, or start the job without the checkpoint");
            }
            settings.choice().scan(opened); // a wrong filter fails here, before there is anything to read
            table = opened;
        }
        return opened;
    }
}
