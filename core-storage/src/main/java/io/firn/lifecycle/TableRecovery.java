package io.firn.lifecycle;

import io.firn.error.FirnException;
import io.firn.error.NotFoundException;
import io.firn.fs.PoliteLock;
import io.firn.log.Catalog;
import io.firn.log.CatalogLog;
import io.firn.log.CatalogSnapshot;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.log.LogAudit;
import io.firn.log.LogAudit.Finding;
import io.firn.log.TableLayout;
import io.firn.table.Table;
import io.firn.table.WithdrawnFiles;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings what crashed writers and maintainers left to their last commit: ends their logs and segments and deletes the
 * files of which nothing was committed.
 *
 * <p>Nothing committed is ever dropped, and nothing needs this: the next writer and the next run of the lifecycle do
 * the same for themselves. Those that are at work are left alone. A second run changes no file. Confined to one thread.
 */
public final class TableRecovery {
    private final TableLayout layout;
    private final InstantSource clock;
    private final Lanes lanes;
    private final LogAudit audit;
    private final DeadLanes deadLanes;
    private final List<String> actions = new ArrayList<>();
    private final List<String> leftAlone = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    private TableRecovery(Table table) {
        this.layout = table.layout();
        this.clock = table.environment().clock();
        this.lanes = new Lanes(layout, clock);
        this.audit = new LogAudit(layout);
        this.deadLanes = new DeadLanes(layout, clock);
    }

    /** Recovers a table. */
    public static RecoveryReport recover(Table table) {
        return new TableRecovery(table).run();
    }

    private RecoveryReport run() {
        attempt(layout.catalog(), this::recoverCatalog);
        for (String lane : lanes.names()) {
            attempt(layout.lane(lane), () -> recoverLane(lane));
        }
        return new RecoveryReport(actions, leftAlone, failures);
    }

    private void attempt(Path path, Runnable part) {
        try {
            part.run();
        } catch (FirnException failed) {
            failures.add(layout.relativize(path) + ": " + failed.getMessage());
        }
    }

    private void recoverCatalog() {
        Finding<CatalogSnapshot> found = audit.catalog();
        boolean leftovers = layout.store().isDirectory(layout.temporary())
                && !layout.store().list(layout.temporary()).isEmpty();
        if (found.damage().isPresent() && !found.torn()) {
            throw found.damage().get();
        }
        if (!found.torn() && !leftovers) {
            return;
        }
        Optional<PoliteLock> lock = Catalog.tryLock(layout);
        if (lock.isEmpty()) {
            leftAlone.add("the catalog: a maintainer is at work");
            return;
        }
        try (PoliteLock held = lock.get();
                CatalogLog opened = CatalogLog.open(layout, clock)) {
            actions.add("opened the catalog under epoch " + opened.epoch()
                    + " and deleted what an earlier maintainer had not finished");
        }
    }

    private void recoverLane(String lane) {
        if (lanes.isAttempt(lane)) {
            return;
        }
        Finding<LaneSnapshot> found = audit.lane(lane);
        if (found.damage().isPresent() && !found.torn()) {
            throw found.damage().get();
        }
        if (found.torn() && isOwned(lane)) {
            leftAlone.add("writer in " + lane + ": it is at work");
            return;
        }
        boolean undecided = found.torn() && found.content().isEmpty();
        Optional<LaneSnapshot> snapshot = undecided ? lanes.read(lane) : found.content();
        if (undecided && snapshot.isPresent()) {
            actions.add("writer '" + snapshot.get().identity().writer()
                    + "': finished the opening of its log that a crash interrupted");
        }
        if (snapshot.isPresent()) {
            endLane(snapshot.get(), found.torn() && !undecided);
        }
    }

    private boolean isOwned(String lane) {
        Optional<PoliteLock> lock = lanes.tryLock(lane);
        lock.ifPresent(PoliteLock::close);
        return lock.isEmpty();
    }

    private void endLane(LaneSnapshot lane, boolean torn) {
        boolean open = lane.state().segments().stream().anyMatch(segment -> !segment.rolled());
        if (!torn && !open && WithdrawnFiles.uncommitted(layout, lane).isEmpty()) {
            return;
        }
        String writer = "writer '" + lane.identity().writer() + "'";
        if (!segmentsAreThere(lane)) {
            leftAlone.add(writer + ": it is at work");
            return;
        }
        LifecycleReport problems = new LifecycleReport();
        List<Path> deleted = new ArrayList<>();
        DeadLanes.Outcome outcome =
                deadLanes.takeOver(lane, problems, opened -> deleted.addAll(WithdrawnFiles.delete(layout, opened)));
        switch (outcome) {
            case OWNED -> leftAlone.add(writer + ": it is at work");
            case FAILED -> failures.addAll(problems.toStats(0).errors());
            case TAKEN ->
                actions.add(writer + ": ended at its last commit, position "
                        + lane.state().position()
                        + (deleted.isEmpty() ? "" : "; deleted uncommitted " + names(deleted)));
        }
    }

    /**
     * Whether the lane is as it was read; one with a missing segment is refused before a new log is begun for it.
     *
     * @return false when an owner has opened the lane since, and may have dropped segments from it
     */
    private boolean segmentsAreThere(LaneSnapshot lane) {
        for (LaneSegment segment : lane.state().segments()) {
            try {
                layout.store().info(layout.resolve(segment.path()));
            } catch (NotFoundException missing) {
                boolean removed = Catalog.read(layout).state().isRemoved(segment);
                if (!removed && isOvertaken(lane)) {
                    return false;
                }
                if (!removed) {
                    throw missing;
                }
            }
        }
        return true;
    }

    private boolean isOvertaken(LaneSnapshot lane) {
        return audit.lane(lane.lane())
                .content()
                .filter(now -> now.logPosition().equals(lane.logPosition()))
                .isEmpty();
    }

    private String names(List<Path> files) {
        return String.join(", ", files.stream().map(layout::relativize).toList());
    }
}
