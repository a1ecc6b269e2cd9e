package io.firn.lifecycle.rebuild;

import io.firn.error.CorruptDataException;
import io.firn.fs.PoliteLock;
import io.firn.lifecycle.rebuild.RebuiltFiles.Shared;
import io.firn.log.CatalogChange;
import io.firn.log.CatalogRebuild.Rebuilt;
import io.firn.log.ExpiryMarkers;
import io.firn.log.LaneRemains;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.log.LogAudit;
import io.firn.log.LogAudit.Finding;
import io.firn.log.Removal;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import io.firn.table.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Finds out what a catalog must have said. Confined to one thread, used once. */
final class RebuiltCatalog {
    private final Table table;
    private final TableLayout layout;
    private final RebuiltFiles files;
    private ExpiredRecords expired = new ExpiredRecords(List.of());
    private final Set<String> rejected = new HashSet<>();
    private final List<String> unproven = new ArrayList<>();
    private final List<String> notEntered = new ArrayList<>();
    private int fileCount;
    private int removalCount;

    RebuiltCatalog(Table table, RebuiltFiles files) {
        this.table = table;
        this.layout = table.layout();
        this.files = files;
    }

    List<String> unproven() {
        return unproven;
    }

    /** Files that the catalog does not name, with reasons. */
    List<String> notEntered() {
        return notEntered;
    }

    int fileCount() {
        return fileCount;
    }

    int removalCount() {
        return removalCount;
    }

    /**
     * Reads everything; called behind the fence of the catalog.
     *
     * @throws CorruptDataException when a file or a lane's log is damaged, or files contradict each other
     */
    Rebuilt find() {
        expired = new ExpiredRecords(ExpiryMarkers.read(layout));
        List<LaneSnapshot> snapshots = readLanes();
        List<RebuiltFile> found = files.read();
        while (true) {
            notEntered.clear();
            int rejectedBefore = rejected.size();
            List<RebuiltFile> accepted = accept(found);
            if (rejected.size() == rejectedBefore) {
                Map<String, RebuiltLane> lanes = cover(snapshots, accepted);
                if (!rejectImpossible(lanes, accepted)) {
                    return rebuilt(lanes, accepted);
                }
            }
        }
    }

    private List<LaneSnapshot> readLanes() {
        LogAudit audit = new LogAudit(layout);
        List<LaneSnapshot> snapshots = new ArrayList<>();
        Lanes lanes = new Lanes(layout, table.environment().clock());
        for (String name : lanes.names()) {
            Finding<LaneSnapshot> lane = audit.lane(name);
            Optional<LaneSnapshot> content = lane.content().or(() -> ofDeadOpener(lanes, name, lane));
            if (lane.damage().isPresent() && content.isEmpty()) {
                CorruptDataException damage = lane.damage().get();
                throw new CorruptDataException(
                        layout.lane(name),
                        damage.offset(),
                        "the log of a writer is damaged, too, and says what of it is committed; rebuild it first (firn"
                                + " recover --rebuild-lanes): " + damage.reason());
            }
            content.ifPresent(snapshots::add);
        }
        Set<String> logged = snapshots.stream().map(LaneSnapshot::lane).collect(Collectors.toSet());
        LaneFiles.byLane(layout).forEach((lane, segments) -> {
            if (!logged.contains(lane)) {
                throw withoutLog(lane, segments.get(0).path());
            }
        });
        return snapshots;
    }

    /** What an owner would start from who died while it opened its lane; nobody can end that without a catalog. */
    private Optional<LaneSnapshot> ofDeadOpener(Lanes lanes, String name, Finding<LaneSnapshot> lane) {
        if (!lane.torn()) {
            return Optional.empty();
        }
        Optional<PoliteLock> lock = lanes.tryLock(name);
        lock.ifPresent(PoliteLock::close);
        return lock.isPresent() ? LaneRemains.ofNextOwner(layout, name) : Optional.empty();
    }

    /** The catalog could not say what was rewritten of segments that no log names. */
    private CorruptDataException withoutLog(String lane, String path) {
        return new CorruptDataException(
                layout.lane(lane),
                0,
                "expected the log of a writer that has records in " + path
                        + ", found none; rebuild it first: firn recover --rebuild-lanes");
    }

    /** The highest number first; a file whose records are all in an accepted one was its input, or never entered. */
    private List<RebuiltFile> accept(List<RebuiltFile> found) {
        List<RebuiltFile> accepted = new ArrayList<>();
        for (RebuiltFile file : found) {
            if (rejected.contains(file.entry().path())) {
                notEntered.add("not entered: " + file.entry().path()
                        + ": made and never visible; its records stand elsewhere");
            } else if (files.withoutExpired(file, expired) == 0) {
                notEntered.add("not entered: " + file.entry().path() + ": its "
                        + file.entry().records() + " records were dropped, erased or have expired");
            } else if (isNew(file, accepted)) {
                accepted.add(file);
            }
        }
        return accepted;
    }

    private boolean isNew(RebuiltFile file, List<RebuiltFile> accepted) {
        for (RebuiltFile other : accepted) {
            Shared shared = other.mayShare(file) ? files.shared(file, other, expired) : Shared.NOTHING;
            if (shared == Shared.ALL) {
                notEntered.add("not entered: " + file.entry().path() + ": all of its records stand in "
                        + other.entry().path() + (expired.mayCover(file.entry()) ? " or were removed for ever" : ""));
                return false;
            }
            if (shared == Shared.ALL_OF_THE_OTHER) {
                // An erasure that stopped before its marker: had it counted, what the other one lacks would be covered.
                rejected.add(other.entry().path());
                return false;
            }
            if (shared == Shared.SOME) {
                throw new CorruptDataException(
                        layout.resolve(file.entry().path()),
                        0,
                        "holds some of the records of " + other.entry().path()
                                + " and others, too: nobody can tell which one counted; move one of them away");
            }
        }
        if (files.withoutExpired(file, expired) < file.entry().records()) {
            // A marker is written behind the files that hold what stays.
            throw new CorruptDataException(
                    layout.resolve(file.entry().path()),
                    0,
                    "holds records that a marker in " + layout.expired() + " names as removed, and others that stand in"
                            + " no other file: nobody can tell which of them is right; move one of them away");
        }
        return true;
    }

    private Map<String, RebuiltLane> cover(List<LaneSnapshot> snapshots, List<RebuiltFile> accepted) {
        Map<String, RebuiltLane> lanes = new TreeMap<>();
        for (LaneSnapshot snapshot : snapshots) {
            String lane = snapshot.lane();
            lanes.put(lane, new RebuiltLane(layout, table.segmentAccess(), snapshot, expired.of(lane)));
        }
        unproven.clear();
        for (RebuiltFile file : accepted) {
            SegmentEntry entry = file.entry();
            files.forEach(file, place -> {
                RebuiltLane lane = lanes.get(place.lane());
                if (lane == null) {
                    throw withoutLog(place.lane(), entry.path());
                }
                lane.add(entry.path(), entry.partitionPath(), place.sequence());
            });
        }
        return lanes;
    }

    /** Returns whether a file was found that no catalog can have named. */
    private boolean rejectImpossible(Map<String, RebuiltLane> lanes, List<RebuiltFile> accepted) {
        for (Map.Entry<String, RebuiltLane> lane : lanes.entrySet()) {
            var place = lane.getValue().impossible();
            if (place.isPresent()) {
                RebuiltFiles.Place wanted =
                        new RebuiltFiles.Place(lane.getKey(), place.get().getValue());
                for (RebuiltFile file : accepted) {
                    if (file.entry().partitionPath().equals(place.get().getKey()) && holds(file, wanted)) {
                        rejected.add(file.entry().path());
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean holds(RebuiltFile file, RebuiltFiles.Place wanted) {
        boolean[] found = new boolean[1];
        files.forEach(file, place -> found[0] |= place.equals(wanted));
        return found[0];
    }

    private Rebuilt rebuilt(Map<String, RebuiltLane> lanes, List<RebuiltFile> accepted) {
        List<Removal> removals = new ArrayList<>();
        for (RebuiltLane lane : lanes.values()) {
            if (lane.surplus() > 0 || (lane.surplus() < 0 && !rejected.isEmpty())) {
                throw new CorruptDataException(
                        layout.root(),
                        0,
                        "the files hold " + lane.surplus() + " records more than writer '" + lane.writer()
                                + "' committed, when " + rejected + " are left out: nothing is proven");
            }
            removals.addAll(lane.removals(unproven));
        }
        List<SegmentEntry> entries = accepted.stream()
                .sorted(Comparator.comparingLong(RebuiltFile::number))
                .map(RebuiltFile::entry)
                .toList();
        fileCount = entries.size();
        removalCount = removals.size();
        long nextNumber = Math.max(files.nextNumber(), ExpiryMarkers.nextNumber(layout));
        return new Rebuilt(nextNumber, new CatalogChange(removals, List.of(), entries, expired.byLane()));
    }
}
