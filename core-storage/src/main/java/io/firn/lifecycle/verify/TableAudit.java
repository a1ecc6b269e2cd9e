package io.firn.lifecycle.verify;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.error.NotFoundException;
import io.firn.fs.BufferPool;
import io.firn.log.Catalog;
import io.firn.log.CatalogSnapshot;
import io.firn.log.CatalogState;
import io.firn.log.ExpiryMarkers;
import io.firn.log.HotInput;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.log.LeftoverFiles;
import io.firn.log.LogAudit;
import io.firn.log.LogAudit.Finding;
import io.firn.log.SegmentEntry;
import io.firn.log.SinkClaims;
import io.firn.log.TableLayout;
import io.firn.segment.SegmentAccess;
import io.firn.table.ScanOptions;
import io.firn.table.SinkAttempts;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One pass of {@link TableVerifier} over a table. Confined to one thread, used once. */
final class TableAudit {
    private static final int MAX_PLANS = 100;

    private final Table table;
    private final TableLayout layout;
    private final LogAudit logs;
    private final SegmentAudit segments;
    private final VerifyFindings findings;
    private final Map<String, Long> visible = new HashMap<>();
    private final Set<String> incomplete = new HashSet<>();
    private boolean overtaken;

    /** What the logs say at one moment; a damaged one is left out. */
    private record Plan(Finding<CatalogSnapshot> catalog, Map<String, Finding<LaneSnapshot>> lanes) {
        CatalogState state() {
            return catalog.content().map(CatalogSnapshot::state).orElse(CatalogState.EMPTY);
        }

        List<LaneSnapshot> readable() {
            List<LaneSnapshot> readable = new ArrayList<>();
            lanes.values().forEach(finding -> finding.content().ifPresent(readable::add));
            return readable;
        }
    }

    TableAudit(Table table) {
        this.table = table;
        this.layout = table.layout();
        this.logs = new LogAudit(layout);
        this.segments = new SegmentAudit(layout, SegmentAccess.of(BufferPool.withDefaultBound()));
        this.findings = new VerifyFindings(layout);
    }

    /** Whether a file was rewritten before it could be read: what is missing then is no damage. */
    boolean wasOvertaken() {
        return overtaken;
    }

    VerifyReport run() {
        checkMetadata();
        Plan plan = plan();
        plan.catalog().damage().ifPresent(damage -> findings.damage(layout.catalog(), damage));
        plan.lanes()
                .forEach((name, finding) ->
                        finding.damage().ifPresent(damage -> findings.damage(layout.lane(name), damage)));
        boolean logsAreSound = findings.isSound();
        checkSchemas();
        checkTopics();
        checkMarkers(plan.state());
        checkClaims(plan.readable());
        for (LaneSnapshot lane : plan.readable()) {
            checkLane(lane, plan);
        }
        plan.state().segments().forEach(entry -> checkRewritten(entry, plan));
        checkRemovedLanes(plan);
        plan.readable().forEach(lane -> checkCount(lane, plan));
        if (logsAreSound) {
            plan.readable().forEach(this::checkOrder);
        } else {
            findings.note("not checked, because a log is damaged: that no record stands in two files");
        }
        new LeftoverFiles(layout, plan.state(), plan.readable(), plan.lanes().keySet()).forEach(this::reportLeftover);
        return findings.toReport(plan.readable().size());
    }

    private void reportLeftover(String path, String reason, boolean lost) {
        if (lost) {
            findings.damage(layout.resolve(path), 0, reason);
        } else {
            findings.note(path + ": " + reason);
        }
    }

    private void checkMetadata() {
        try (Table again = Table.open(table.path(), table.environment())) {
            if (!again.id().equals(table.id())) {
                findings.damage(layout.tableDirectory(), 0, "another table stands here now: " + again.id());
            }
        } catch (FirnException failed) {
            findings.damage(layout.tableDirectory().resolve("metadata.json"), failed);
        }
    }

    private void checkSchemas() {
        try {
            table.schemas().damages().forEach(damage -> findings.damage(layout.schemas(), damage));
            table.registrySchemas().damages().forEach(damage -> findings.damage(layout.schemas(), damage));
        } catch (FirnException failed) {
            findings.damage(layout.schemas(), failed);
        }
    }

    private void checkTopics() {
        try {
            table.topics().damages().forEach(damage -> findings.damage(layout.topics(), damage));
        } catch (FirnException failed) {
            findings.damage(layout.topics(), failed);
        }
    }

    /** Without markers a rebuild of lost logs may bring back what was removed for ever. */
    private void checkMarkers(CatalogState catalog) {
        Map<String, Long> marked = new HashMap<>();
        try {
            ExpiryMarkers.readEntered(layout, catalog)
                    .forEach(range -> marked.merge(range.lane(), range.records(), Long::sum));
        } catch (FirnException damaged) {
            findings.damage(layout.expired(), damaged);
            return;
        }
        catalog.expired().forEach((lane, records) -> {
            long named = marked.getOrDefault(lane, 0L);
            if (named < records) {
                findings.damage(
                        layout.expired(),
                        0,
                        "expected markers that name " + records + " records of lane " + lane
                                + " which were removed for ever, found " + named
                                + ": put the missing ones back, a rebuild of a lost log needs them");
            }
        });
    }

    /** Without claims nothing keeps a job that was overtaken from committing. */
    private void checkClaims(List<LaneSnapshot> readable) {
        Lanes lanes = new Lanes(layout, table.environment().clock());
        Set<String> sinks = new TreeSet<>();
        for (LaneSnapshot lane : readable) {
            String sink = lane.identity().properties().get(SinkAttempts.SINK);
            if (sink != null && lanes.isAttempt(lane.lane())) {
                sinks.add(sink);
            }
        }
        for (String sink : sinks) {
            try {
                new SinkClaims(layout, table.environment().clock(), sink).check();
            } catch (FirnException damaged) {
                findings.damage(layout.sinks(), damaged);
            }
        }
    }

    /** Rule 24: the catalog, all lanes, and the catalog once more. */
    private Plan plan() {
        Finding<CatalogSnapshot> before = logs.catalog();
        for (int round = 0; ; round++) {
            Map<String, Finding<LaneSnapshot>> lanes = new TreeMap<>();
            for (String name : laneNames()) {
                lanes.put(name, logs.lane(name));
            }
            Finding<CatalogSnapshot> after = logs.catalog();
            boolean same = after.content()
                    .map(CatalogSnapshot::logPosition)
                    .equals(before.content().map(CatalogSnapshot::logPosition));
            if (same || round == MAX_PLANS) {
                return new Plan(after, lanes);
            }
            before = after;
        }
    }

    private List<String> laneNames() {
        try {
            return new Lanes(layout, table.environment().clock()).names();
        } catch (CorruptDataException lost) {
            findings.damage(layout.lanes(), lost);
            return List.of();
        }
    }

    private void checkLane(LaneSnapshot lane, Plan plan) {
        if (!lane.identity().lane().equals(lane.lane())) {
            findings.damage(
                    layout.lane(lane.lane()),
                    0,
                    "the log is one of '" + lane.identity().writer() + "'");
        }
        for (LaneSegment segment : lane.state().segments()) {
            if (!plan.state().isRemoved(segment)) {
                HotInput input = HotInput.of(lane.lane(), segment, plan.state().removal(segment.path()));
                check(segment.path(), Set.of(lane.lane()), plan, () -> segments.hot(input))
                        .ifPresent(content -> visible.merge(lane.lane(), content.visible(), Long::sum));
            }
        }
    }

    private void checkRewritten(SegmentEntry entry, Plan plan) {
        Set<String> lanes = new HashSet<>();
        entry.lanes().forEach(range -> lanes.add(range.lane()));
        check(entry.path(), lanes, plan, () -> segments.rewritten(entry))
                .ifPresent(content ->
                        content.lanes().forEach((lane, tally) -> visible.merge(lane, tally.records(), Long::sum)));
        for (String lane : lanes) {
            if (isLost(plan.lanes().get(lane))) {
                findings.damage(
                        layout.lane(lane),
                        0,
                        "expected the log of this writer, of which " + entry.path() + " holds records; found none");
            }
        }
    }

    /** Those of which no file tells any more: their next owner would be refused. */
    private void checkRemovedLanes(Plan plan) {
        Set<String> told = plan.state().lanes();
        plan.state().expired().forEach((lane, records) -> {
            if (!told.contains(lane) && isLost(plan.lanes().get(lane))) {
                findings.damage(
                        layout.lane(lane),
                        0,
                        "expected the log of this writer, of which " + records
                                + " records were removed for ever; found none");
            }
        });
    }

    /** Also a log that somebody has begun to open since, and could not. */
    private static boolean isLost(@Nullable Finding<LaneSnapshot> log) {
        return log == null || (log.content().isEmpty() && log.damage().isEmpty());
    }

    private Optional<SegmentContent> check(
            String path, Set<String> lanes, Plan plan, Supplier<SegmentContent> reading) {
        Path file = layout.resolve(path);
        try {
            SegmentContent content = reading.get();
            findings.read(content.visible(), layout.store().info(file).sizeBytes());
            return Optional.of(content);
        } catch (NotFoundException missing) {
            overtaken |= plan.catalog()
                    .content()
                    .filter(snapshot -> !Catalog.isUnchanged(layout, snapshot))
                    .isPresent();
            findings.damage(file, 0, "expected a segment file, found none");
        } catch (FirnException failed) {
            findings.damage(file, failed);
        }
        incomplete.addAll(lanes);
        return Optional.empty();
    }

    /** Every record that was ever committed is still there, or the catalog says how many were removed for ever. */
    private void checkCount(LaneSnapshot lane, Plan plan) {
        long found = visible.getOrDefault(lane.lane(), 0L);
        long expired = plan.state().expired().getOrDefault(lane.lane(), 0L);
        if (!incomplete.contains(lane.lane()) && found + expired != lane.state().records()) {
            findings.damage(
                    layout.lane(lane.lane()),
                    0,
                    "writer '" + lane.identity().writer() + "' committed "
                            + lane.state().records() + " records and " + expired
                            + " of them expired, its files and those of the catalog hold " + found);
        }
    }

    /** Reads the lane in the order of its sequences over all files: a reader refuses a record that stands twice. */
    private void checkOrder(LaneSnapshot lane) {
        String writer = lane.identity().writer();
        if (incomplete.contains(lane.lane())) {
            findings.note("not checked, because a file is damaged: that no record of writer '" + writer
                    + "' stands in two files");
            return;
        }
        ScanOptions options =
                ScanOptions.builder().writer(writer).counted(false).build();
        try (TableReader reader = table.reader(options)) {
            while (reader.next()) {
                // The reader compares each sequence with the one before.
            }
        } catch (FirnException failed) {
            findings.damage(layout.lane(lane.lane()), failed);
        }
    }
}
