package io.firn.lifecycle.rebuild;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.fs.PoliteLock;
import io.firn.log.Catalog;
import io.firn.log.CatalogRebuild;
import io.firn.log.LogAudit;
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
 * lifecycle before a hot segment, the highest catalog number first. A sound catalog is left as it is.
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
            Optional<CorruptDataException> damage =
                    LogAudit.ofLocked(layout).catalog().damage();
            if (damage.isPresent()) {
                actions.add("found: " + damage.get().getMessage());
                actions.addAll(rebuild(table, unproven));
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

    private static List<String> rebuild(Table table, List<String> unproven) {
        TableLayout layout = table.layout();
        RebuiltFiles files = new RebuiltFiles(layout, table.segmentAccess());
        files.list();
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
