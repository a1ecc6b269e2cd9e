package io.firn.lifecycle.rebuild;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.fs.PoliteLock;
import io.firn.log.Catalog;
import io.firn.log.CatalogRebuild;
import io.firn.log.CatalogSnapshot;
import io.firn.log.ExpiryMarkers;
import io.firn.log.LogAudit;
import io.firn.log.LogAudit.Finding;
import io.firn.log.TableLayout;
import io.firn.table.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Rebuilds lost or damaged logs from the files of a table: those of writers ({@link #lanes}) and the catalog.
 *
 * <p>Rebuilds a lost or damaged catalog from the files of a table (rule 20): every committed record once, a file of the
 * lifecycle before a hot segment, the highest catalog number first. A sound catalog is left as it is; one that
 * is older than a file of the lifecycle is an old copy.
 *
 * <p>No file is deleted; damaged logs are renamed. Proof is by counting: the files must hold as many different records
 * of each writer as it committed, less those that markers of removals ({@code _table/expired}) name: they stay removed,
 * also when a crash came between the marker and the removal. What is short of that is reported, and a missing file
 * stays missing for readers. A crash in between leaves the catalog damaged or rebuilt; run it again. Thread-safe; no
 * state.
 */
public final class TableRebuild {
    private TableRebuild() {}

    /** Rebuilds the catalog if it is damaged or lost. */
    public static RebuildReport catalog(Table table) {
        TableLayout layout = table.layout();
        List<String> actions = new ArrayList<>();
        List<String> unproven = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        layout.createDirectories(List.of(layout.catalog())); // it may be lost as a whole
        Optional<PoliteLock> lock = Catalog.tryLock(layout);
        if (lock.isEmpty()) {
            failures.add("a maintainer is at work; stop it first");
            return new RebuildReport(actions, unproven, failures);
        }
        try (PoliteLock held = lock.get()) {
            Finding<CatalogSnapshot> found = LogAudit.ofLocked(layout).catalog();
            RebuiltFiles files = new RebuiltFiles(layout, table.segmentAccess());
            files.list();
            Optional<String> damage = found.damage()
                    .map(CorruptDataException::getMessage)
                    .or(() -> found.content().flatMap(catalog -> outdated(layout, catalog, files)));
            if (damage.isPresent()) {
                actions.add("found: " + damage.get());
                actions.addAll(rebuild(table, files, unproven));
            }
        } catch (FirnException failed) {
            failures.add(String.valueOf(failed.getMessage()));
        }
        return new RebuildReport(actions, unproven, failures);
    }

    /**
     * Rebuilds the logs of writers that are lost or damaged: from their hot segments, the catalog and what can still be
     * read of the logs.
     *
     * <p>Every committed record counts once. Whole records behind the last provable commit count, too, and the position
     * stands behind them: a source that goes on from there still delivers each record once. Logs that are sound or only
     * cut off by a crash are left alone, and so are lanes of two-phase attempts. Damaged logs are renamed; a crash in
     * between leaves a log damaged or rebuilt. Run it again then.
     *
     * @param writers names of writers that may be too long to be found out
     */
    public static RebuildReport lanes(Table table, Collection<String> writers) {
        return new LostLanes(table, writers).run();
    }

    /** A readable catalog may be an old copy. What has its place was brought there by an owner with a base. */
    private static Optional<String> outdated(TableLayout layout, CatalogSnapshot catalog, RebuiltFiles files) {
        long epoch = Math.max(files.highestEpoch(), ExpiryMarkers.highestEpoch(layout));
        long last = Integer.toUnsignedLong((int) catalog.logPosition().epoch());
        return epoch > last
                ? Optional.of("There is a file of epoch " + epoch + ", but the catalog ends with epoch " + last
                        + ": it is an old copy.")
                : Optional.empty();
    }

    private static List<String> rebuild(Table table, RebuiltFiles files, List<String> unproven) {
        TableLayout layout = table.layout();
        long above = Math.max(CatalogRebuild.highestEpoch(layout), files.highestEpoch());
        RebuiltCatalog rebuilt = new RebuiltCatalog(table, files);
        long epoch = CatalogRebuild.run(layout, table.environment().clock(), above, rebuilt::find);
        unproven.addAll(rebuilt.unproven());
        List<String> actions = new ArrayList<>(rebuilt.notEntered());
        actions.add("rebuilt the catalog under epoch " + epoch + ": " + rebuilt.fileCount() + " files, "
                + rebuilt.removalCount() + " hot segments rewritten in part or whole; damaged logs are kept as *"
                + CatalogRebuild.PUT_ASIDE + "-" + epoch);
        return actions;
    }
}
