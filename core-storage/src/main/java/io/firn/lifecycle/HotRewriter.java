package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.log.CatalogState;
import io.firn.log.HotInput;
import io.firn.log.LaneSegment;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Rewrites segments of lanes into files of one partition each, and deletes those of which nothing is left. A damaged
 * segment is reported and left out, now and in later runs of the same maintainer. Confined to one thread.
 */
final class HotRewriter {
    private static final int MAX_BAD_SEGMENTS = 64;

    private final RewriteContext context;
    private final MaintenanceRules rules;
    private final CatalogSession session;
    private final HotUnlinker unlinker;
    private final ColdFiles coldFiles;
    private final LaneViews lanes;
    private final SealedFooters footers = new SealedFooters();
    private final Set<String> badSegments = new HashSet<>();

    HotRewriter(
            RewriteContext context,
            MaintenanceRules rules,
            CatalogSession session,
            LaneViews lanes,
            HotUnlinker unlinker,
            ColdFiles coldFiles) {
        this.context = context;
        this.rules = rules;
        this.session = session;
        this.lanes = lanes;
        this.unlinker = unlinker;
        this.coldFiles = coldFiles;
    }

    /**
     * Which segments of lanes are rewritten, and how.
     *
     * @param segments the segments that may be read
     * @param selecting chooses partitions of them
     * @param cold whether the new files are compressed
     */
    record Task(Predicate<LaneSegment> segments, Function<HotInventory, SettleSelection> selecting, boolean cold) {}

    /** Rewrites with all records. */
    void rewrite(Task task, LifecycleReport report) {
        for (int round = 0; round < MAX_BAD_SEGMENTS; round++) {
            if (tryOnce(task, report, plan -> settle(plan, task.cold(), report))) {
                return;
            }
        }
    }

    /** Rewrites without chosen records. */
    void erase(Task task, RecordChoice chosen, Predicate<String> wanted, LifecycleReport report) {
        for (int round = 0; round < MAX_BAD_SEGMENTS; round++) {
            if (tryOnce(task, report, plan -> erase(plan, new ErasedRecords(chosen, wanted), report))) {
                return;
            }
        }
    }

    /** Ends a run: what nobody has asked for in it is forgotten. */
    void endRun() {
        footers.forgetRest();
    }

    private interface Settling {
        void settle(SettlePlan plan);
    }

    /** Returns false when a segment is damaged and a plan without it is worth a try. */
    private boolean tryOnce(Task task, LifecycleReport report, Settling settling) {
        CatalogState catalog = session.state();
        LaneView view = lanes.view(report);
        List<HotInput> inputs = HotInput.of(
                catalog,
                view.lanes(),
                segment -> task.segments().test(segment) && !badSegments.contains(segment.path()));
        HotInventory inventory = HotInventory.of(context, inputs, footers, report);
        report.scanned(inventory.segments().size());
        SettlePlan plan = task.selecting().apply(inventory).plan();
        if (plan.isEmpty()) {
            return true;
        }
        try {
            settling.settle(plan);
        } catch (CorruptDataException damaged) {
            leaveOut(plan, damaged, report);
            lanes.forget(); // the next plan needs them no older than the catalog
            return false;
        }
        report.deleted(unlinker.unlink(session.state(), view));
        lanes.forget(); // what a later step asks for may be chosen from what was committed meanwhile
        return true;
    }

    private void leaveOut(SettlePlan plan, CorruptDataException damaged, LifecycleReport report) {
        for (HotInput input : plan.inputs()) {
            if (context.layout().resolve(input.segment().path()).toString().equals(damaged.path())) {
                badSegments.add(input.segment().path());
                report.failed(context.layout().resolve(input.segment().path()), damaged);
                return;
            }
        }
        throw damaged;
    }

    private void settle(SettlePlan plan, boolean cold, LifecycleReport report) {
        Optional<ColdFiles> compressing = cold ? Optional.of(coldFiles) : Optional.empty();
        report.settled(new Settler(context, session.log()).settle(plan, rules.segments(), compressing));
    }

    private void erase(SettlePlan plan, ErasedRecords erased, LifecycleReport report) {
        report.settled(
                new Settler(context, session.log()).settle(plan, rules.segments(), Optional.empty(), erased, erased));
        report.erased(erased.records());
    }
}
