package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.lifecycle.LifecycleRequest.Step;
import io.firn.log.CatalogState;
import io.firn.log.HotInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The steps of a run that remove partitions: on command, or because retention has reached them. Confined to one thread.
 *
 * <p>A partition of which a writer's open segment holds records stays as it is, whole: it is removed by a later run,
 * when the segment has rolled. So does one of which a damaged segment may hold records, or one of a writer whose log is
 * lost, because a marker of its removal would not name them, and they would stand in the table again when the segment
 * can be read, or the log is back.
 */
final class PartitionRemoval {
    private final RewriteContext context;
    private final MaintenanceRules rules;
    private final CatalogSession session;
    private final LaneViews lanes;
    private final HotUnlinker unlinker;

    PartitionRemoval(
            RewriteContext context,
            MaintenanceRules rules,
            CatalogSession session,
            LaneViews lanes,
            HotUnlinker unlinker) {
        this.context = context;
        this.rules = rules;
        this.session = session;
        this.lanes = lanes;
        this.unlinker = unlinker;
    }

    /** Removes what the request names, or what has expired. */
    void run(LifecycleRequest request, LifecycleReport report) {
        RetentionLimits limits = request.retention().orElse(rules.retention());
        boolean drop = request.does(Step.DROP);
        if (!drop && limits.isNone()) {
            return;
        }
        RetentionSelection retention =
                new RetentionSelection(limits, context.clock().instant());
        CatalogState catalog = session.state();
        if (!request.isAll() && !mayExpire(catalog, retention)) {
            return;
        }
        LaneView view = lanes.viewNow(report);
        if (!view.isComplete()) {
            report.skipped("no partition was removed: the log of a writer is damaged, and nobody knows what its hot"
                    + " segments hold; 'firn verify' names it");
            return;
        }
        List<HotInput> inputs = HotInput.of(catalog, view.lanes(), segment -> true);
        TableHoldings holdings = TableHoldings.ofCatalog(context, catalog).with(inputs, report);
        report.scanned(holdings.partitions().size());
        Predicate<PartitionHoldings> wanted =
                partition -> request.filter().matches(rules.scheme().parsePath(partition.path()));
        List<PartitionHoldings> chosen = drop
                ? holdings.partitions().stream().filter(wanted).toList()
                : retention.from(holdings.partitions(), wanted, report);
        LostSegments lost = new LostSegments(context, view);
        List<PartitionHoldings> free = withoutOpen(withoutUnreadable(chosen, holdings, lost, report), report);
        if (!free.isEmpty()) {
            drop(free, inputs, report);
            report.deleted(unlinker.unlink(session.state(), view));
        }
    }

    /** By itself it opens hot segments only when some partition's files have expired. */
    private boolean mayExpire(CatalogState catalog, RetentionSelection retention) {
        TableHoldings settled = TableHoldings.ofCatalog(context, catalog);
        return !retention
                .from(settled.partitions(), partition -> true, new LifecycleReport())
                .isEmpty();
    }

    private static List<PartitionHoldings> withoutUnreadable(
            List<PartitionHoldings> chosen, TableHoldings holdings, LostSegments lost, LifecycleReport report) {
        List<PartitionHoldings> free = new ArrayList<>();
        for (PartitionHoldings partition : chosen) {
            Optional<String> segment = holdings.unreadableOf(partition).or(() -> lost.of(partition));
            if (segment.isEmpty()) {
                free.add(partition);
            } else {
                report.skipped(partition.label() + " was not removed: nobody knows whether the segment " + segment.get()
                        + ", which is damaged or has lost the log of its writer, holds records of it; 'firn verify'"
                        + " says what is wrong with it");
            }
        }
        return free;
    }

    private static List<PartitionHoldings> withoutOpen(List<PartitionHoldings> chosen, LifecycleReport report) {
        List<PartitionHoldings> free = new ArrayList<>();
        for (PartitionHoldings partition : chosen) {
            if (partition.openSegment().isEmpty()) {
                free.add(partition);
            } else {
                report.skipped(partition.label() + " was not removed: the open segment "
                        + partition.openSegment().get()
                        + " holds records of it; run it again when its writer has rolled it or is closed");
            }
        }
        return free;
    }

    /** A damaged hot segment keeps the partitions in it; the others go. */
    private void drop(List<PartitionHoldings> partitions, List<HotInput> inputs, LifecycleReport report) {
        List<PartitionHoldings> left = new ArrayList<>(partitions);
        while (!left.isEmpty()) {
            try {
                new PartitionDropper(context, session.log(), report).drop(left, inputs);
                return;
            } catch (CorruptDataException damaged) {
                if (!left.removeIf(partition -> isIn(damaged.path(), partition))) {
                    throw damaged;
                }
                report.failed(context.layout().root(), damaged);
            }
        }
    }

    private boolean isIn(String damagedPath, PartitionHoldings partition) {
        return partition.hot().stream()
                .anyMatch(input -> context.layout()
                        .resolve(input.segment().path())
                        .toString()
                        .equals(damagedPath));
    }
}
