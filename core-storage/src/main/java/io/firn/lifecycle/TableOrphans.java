package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.log.AttemptCommits;
import io.firn.log.Catalog;
import io.firn.log.CatalogSnapshot;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.log.LeftoverFiles;
import io.firn.log.LogAudit;
import io.firn.log.LogAudit.Finding;
import io.firn.log.TableLayout;
import io.firn.table.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lists the files in a table's directory that nothing refers to, each with a reason. Changes nothing: a writer or
 * maintainer at work may be just about to refer to one.
 *
 * <p>Thread-safe; no state.
 */
public final class TableOrphans {
    private static final int MAX_PLANS = 100;

    private TableOrphans() {}

    /**
     * Looks for orphans.
     *
     * @throws CorruptDataException when the catalog is damaged: then nobody can tell what it refers to
     */
    public static OrphanReport find(Table table) {
        TableLayout layout = table.layout();
        LogAudit audit = new LogAudit(layout);
        for (int round = 0; ; round++) {
            CatalogSnapshot catalog = catalog(audit);
            OrphanReport report = find(table, audit, catalog);
            if (Catalog.isUnchanged(layout, catalog) || round == MAX_PLANS) {
                return report;
            }
        }
    }

    private static CatalogSnapshot catalog(LogAudit audit) {
        Finding<CatalogSnapshot> found = audit.catalog();
        Optional<CorruptDataException> damage = found.damage();
        if (damage.isPresent() && (found.content().isEmpty() || !found.torn())) {
            throw damage.get();
        }
        return found.content().orElseThrow();
    }

    private static OrphanReport find(Table table, LogAudit audit, CatalogSnapshot catalog) {
        TableLayout layout = table.layout();
        List<LaneSnapshot> readable = new ArrayList<>();
        Set<String> damaged = new HashSet<>();
        List<String> unknown = new ArrayList<>();
        List<String> names = new Lanes(layout, table.environment().clock()).names();
        for (String lane : names) {
            Finding<LaneSnapshot> found = audit.lane(lane);
            found.content().ifPresent(readable::add);
            if (found.damage().isPresent() && (found.content().isEmpty() || !found.torn())) {
                damaged.add(lane);
                unknown.add("segments of the lane " + lane + ": its log is damaged ("
                        + found.damage().get().getMessage() + ")");
            }
        }
        List<OrphanReport.Orphan> orphans = new ArrayList<>();
        new LeftoverFiles(layout, catalog.state(), readable, new HashSet<>(names)).forEach((path, reason, lost) -> {
            boolean open = damaged.stream().anyMatch(lane -> path.contains(lane + "."));
            if (!open) {
                orphans.add(new OrphanReport.Orphan(path, reason));
            }
        });
        AttemptCommits.unfinished(layout, readable)
                .forEach((writer, lane) -> orphans.add(new OrphanReport.Orphan(
                        layout.relativize(layout.lane(lane)),
                        "writer attempt '" + writer + "' that neither committed nor ended; its job may still live")));
        return new OrphanReport(orphans, unknown);
    }
}
