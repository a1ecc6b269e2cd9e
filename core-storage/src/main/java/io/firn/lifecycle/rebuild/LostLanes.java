package io.firn.lifecycle.rebuild;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.fs.FileStore;
import io.firn.fs.PoliteLock;
import io.firn.lifecycle.rebuild.LaneFiles.LaneFile;
import io.firn.log.Catalog;
import io.firn.log.CatalogRebuild;
import io.firn.log.CatalogSnapshot;
import io.firn.log.CatalogState;
import io.firn.log.LaneIdentity;
import io.firn.log.LaneRebuild;
import io.firn.log.LaneRebuild.Rebuilt;
import io.firn.log.LaneRemains;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.log.LogAudit;
import io.firn.log.LogAudit.Finding;
import io.firn.log.LogPosition;
import io.firn.log.TableLayout;
import io.firn.table.Table;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Rebuilds the logs of lanes that are lost or damaged. Confined to one thread, used once. */
final class LostLanes {
    private static final Finding<LaneSnapshot> NO_DIRECTORY = new Finding<>(Optional.empty(), Optional.empty(), false);

    private final Table table;
    private final TableLayout layout;
    private final InstantSource clock;
    private final Lanes lanes;
    private final LogAudit audit;
    private final Collection<String> named;
    private final List<String> actions = new ArrayList<>();
    private final List<String> unproven = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private @Nullable LaneEvidence fileEvidence;

    LostLanes(Table table, Collection<String> named) {
        this.table = table;
        this.layout = table.layout();
        this.clock = table.environment().clock();
        this.lanes = new Lanes(layout, clock);
        this.audit = new LogAudit(layout);
        this.named = named;
    }

    /** What is known of all lanes at one moment; the catalog first, the log of a lane last (rule 24). */
    private record Known(LaneEvidence evidence, Map<String, List<LaneFile>> files) {
        List<LaneFile> filesOf(String lane) {
            return files.getOrDefault(lane, List.of());
        }
    }

    RebuildReport run() {
        try {
            Known known = look();
            Set<String> names = new TreeSet<>(known.evidence().lanes());
            names.addAll(known.files().keySet());
            if (layout.store().isDirectory(layout.lanes())) {
                names.addAll(lanes.names());
            }
            names.forEach(lane -> rebuildIfLost(lane, known));
            if (fileEvidence != null) {
                unproven.add("the catalog is damaged, too: what was rewritten was taken from the files alone; now run"
                        + " 'firn recover --rebuild-catalog'");
            }
        } catch (FirnException failed) {
            failures.add(String.valueOf(failed.getMessage()));
        }
        return new RebuildReport(actions, unproven, failures);
    }

    /** A maintainer may have entered what it settled, and deleted the hot segments, before they were listed. */
    private Known look() {
        Finding<CatalogSnapshot> before = audit.catalog();
        while (true) {
            Map<String, List<LaneFile>> files = LaneFiles.byLane(layout);
            Finding<CatalogSnapshot> catalog = audit.catalog();
            if (end(catalog).equals(end(before))) {
                boolean lost = catalog.damage().isPresent() && !catalog.torn();
                return new Known(lost ? fromFiles() : fromCatalog(catalog), files);
            }
            before = catalog;
        }
    }

    private static Optional<LogPosition> end(Finding<CatalogSnapshot> catalog) {
        return catalog.content().map(CatalogSnapshot::logPosition);
    }

    /** Read once: a writer's fence is behind it, and no maintainer works without a catalog. */
    private LaneEvidence fromFiles() {
        LaneEvidence read = fileEvidence == null ? FileEvidence.read(layout, table.segmentAccess()) : fileEvidence;
        fileEvidence = read;
        return read;
    }

    private LaneEvidence fromCatalog(Finding<CatalogSnapshot> found) {
        CatalogState state =
                found.content().orElseGet(() -> Catalog.read(layout)).state();
        return new CatalogEvidence(layout, table.segmentAccess(), state);
    }

    private void rebuildIfLost(String lane, Known known) {
        try {
            Optional<String> damage = damageOf(lane, known, audit);
            if (damage.isEmpty()) {
                return;
            }
            if (isAttempt(lane, known)) {
                failures.add("lane " + lane + ": " + damage.get() + " It belongs to a writer attempt of a two-phase"
                        + " commit and is not rebuilt: its commits stand in the checkpoints of its job. If one of its"
                        + " .commit files is damaged, move that away and start the job from its latest checkpoint,"
                        + " which commits again");
                return;
            }
            layout.createDirectories(List.of(layout.lane(lane)));
            Optional<PoliteLock> lock = lanes.tryLock(lane);
            if (lock.isEmpty()) {
                failures.add("lane " + lane + ": its writer is at work; stop it first");
                return;
            }
            try (PoliteLock held = lock.get()) {
                rebuildLocked(lane);
            }
        } catch (FirnException failed) {
            failures.add("lane " + lane + ": " + failed.getMessage());
        }
    }

    /** Looks again: until the lock was free its owner may have been at work. */
    private void rebuildLocked(String lane) {
        Known known = look();
        Optional<String> damage = damageOf(lane, known, LogAudit.ofLocked(layout));
        if (damage.isPresent()) {
            rebuild(lane, known, damage.get());
        }
    }

    private boolean isAttempt(String lane, Known known) {
        return LaneRemains.read(layout, lane).ofAttempt()
                || known.filesOf(lane).stream().anyMatch(file -> file.epoch() == 0);
    }

    /** What is wrong with a lane's log; what a crash leaves is not. */
    private Optional<String> damageOf(String lane, Known known, LogAudit logs) {
        LaneRemains remains = LaneRemains.read(layout, lane);
        boolean exists = layout.store().isDirectory(layout.lane(lane));
        Finding<LaneSnapshot> finding = exists ? logs.lane(lane) : NO_DIRECTORY;
        if (finding.damage().isPresent() && !finding.torn()) {
            return finding.damage().map(CorruptDataException::getMessage);
        }
        Optional<LaneSnapshot> log =
                finding.content().or(() -> exists ? LaneRemains.ofNextOwner(layout, lane) : Optional.empty());
        if (log.isPresent()) {
            return remains.ofAttempt() ? Optional.empty() : outdated(log.get(), known);
        }
        boolean lost = remains.ofAttempt()
                || remains.log().isPresent()
                || !known.filesOf(lane).isEmpty()
                || known.evidence().lanes().contains(lane);
        return lost ? Optional.of("There are records of this lane, and no log.") : Optional.empty();
    }

    /** A readable log may be an old one: of a copy, or one whose successors are lost. */
    private static Optional<String> outdated(LaneSnapshot log, Known known) {
        long epoch = highestEpoch(known.filesOf(log.lane()));
        if (epoch > log.logPosition().epoch()) {
            return Optional.of("There is a segment of epoch " + epoch + ", but the log ends with epoch "
                    + log.logPosition().epoch() + ".");
        }
        long rewritten = known.evidence().position(log.lane());
        return rewritten > log.state().position()
                ? Optional.of("The catalog has records below " + rewritten + ", but the log ends at position "
                        + log.state().position() + ".")
                : Optional.empty();
    }

    private static long highestEpoch(List<LaneFile> files) {
        return files.isEmpty() ? 0 : files.get(files.size() - 1).epoch();
    }

    private void rebuild(String lane, Known known, String damage) {
        LaneRemains remains = LaneRemains.read(layout, lane);
        List<String> doubts = new ArrayList<>();
        Optional<LaneIdentity> identity = LostLaneIdentity.of(lane, known.filesOf(lane), remains, named, doubts);
        if (identity.isEmpty()) {
            failures.add("lane " + lane + ": " + damage + " The name of its writer is too long to stand in that of its"
                    + " directory; run again with --writer and the whole name");
            return;
        }
        // Before the fence, so that a refusal changes nothing.
        lost(lane, known).find(identity.get());
        long above = Math.max(highestEpoch(known.filesOf(lane)), remains.highestEpoch());
        LaneRebuild.Done done =
                LaneRebuild.run(layout, lane, clock, above, epoch -> findFenced(lane, identity.get(), epoch, doubts));
        String writer = "writer '" + identity.get().writer() + "': ";
        actions.add(writer + "found: " + damage);
        actions.add(writer + "rebuilt its log under epoch " + done.epoch() + ", position "
                + done.state().position() + ", " + done.state().records() + " records, "
                + done.state().segments().size() + " hot segments; damaged logs are kept as *"
                + CatalogRebuild.PUT_ASIDE + "-" + done.epoch());
        doubts.forEach(doubt -> unproven.add(writer + doubt));
    }

    private LostLane lost(String lane, Known known) {
        return new LostLane(
                layout,
                table.segmentAccess(),
                new LostLane.Traces(lane, known.filesOf(lane), LaneRemains.read(layout, lane), known.evidence()));
    }

    private Rebuilt findFenced(String lane, LaneIdentity identity, long epoch, List<String> doubts) {
        LostLane lost = lost(lane, look());
        Rebuilt rebuilt = lost.find(identity);
        lost.makeDurable();
        lost.unreadable().forEach(file -> putAside(file, epoch));
        doubts.addAll(lost.unproven());
        return rebuilt;
    }

    private void putAside(Path file, long epoch) {
        FileStore store = layout.store();
        store.rename(file, file.resolveSibling(file.getFileName() + CatalogRebuild.PUT_ASIDE + "-" + epoch));
        store.forceDirectory(Objects.requireNonNull(file.getParent()));
    }
}
