package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.error.NotFoundException;
import io.firn.lifecycle.RecordSearch.Found;
import io.firn.log.CatalogState;
import io.firn.log.HotInput;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.log.LeftoverFiles;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import io.firn.table.WithdrawnFiles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The step of a run that removes chosen records for ever, wherever they stand (rule 19).
 *
 * <p>Hot segments that hold such a record, also one that was settled since, are settled as a whole without it, and so
 * deleted; files of the catalog that hold one are rewritten without it, each in a rewrite of its own. Nobody rewrites a
 * segment that its writer has open: what was found there is reported. Positions and sequences of what stays are what
 * they were. Confined to one thread, which lets some workers read files.
 */
final class RecordErasure {
    private final RewriteContext context;
    private final MaintenanceRules rules;
    private final CatalogSession session;
    private final LaneViews lanes;
    private final HotRewriter hot;
    private final ColdFiles coldFiles;

    RecordErasure(
            RewriteContext context,
            MaintenanceRules rules,
            CatalogSession session,
            LaneViews lanes,
            HotRewriter hot,
            ColdFiles coldFiles) {
        this.context = context;
        this.rules = rules;
        this.session = session;
        this.lanes = lanes;
        this.hot = hot;
        this.coldFiles = coldFiles;
    }

    /** Erases, or counts, what the request names. */
    void run(LifecycleRequest request, LifecycleReport report) {
        Erasure erasure = request.erasure().orElseThrow();
        Predicate<String> wanted =
                path -> request.filter().matches(rules.scheme().parsePath(path));
        RecordSearch search = new RecordSearch(context, erasure.records(), wanted);
        if (!erasure.dryRun() && erasure.records().isConfidential()) {
            deleteWithdrawn(report);
        }
        Set<String> hotPaths = searchHot(search, erasure, report);
        if (!erasure.dryRun() && !hotPaths.isEmpty()) {
            eraseHot(hotPaths, erasure.records(), wanted, report);
        }
        List<SegmentEntry> files = searchFiles(search, wanted, erasure, report);
        if (!erasure.dryRun()) {
            files.forEach(file -> eraseFile(file, new ErasedRecords(erasure.records(), wanted), report));
        }
        if (!erasure.dryRun() && erasure.records().isConfidential()) {
            reportLeftovers(report);
        }
    }

    /** Files of writers that are gone, of which nothing was committed: they may hold such a record, too. */
    private void deleteWithdrawn(LifecycleReport report) {
        TableLayout layout = context.layout();
        Lanes all = new Lanes(layout, context.clock());
        DeadLanes dead = new DeadLanes(layout, context.clock());
        for (LaneSnapshot lane : lanes.viewNow(report).lanes()) {
            if (!all.isAttempt(lane.lane())
                    && !WithdrawnFiles.uncommitted(layout, lane).isEmpty()) {
                dead.takeOver(
                        lane,
                        report,
                        opened -> report.deleted(
                                WithdrawnFiles.delete(layout, opened).size()));
            }
        }
    }

    /** The segments that must go; what stands in open ones is reported. */
    private Set<String> searchHot(RecordSearch search, Erasure erasure, LifecycleReport report) {
        CatalogState catalog = session.state();
        List<HotInput> inputs = new ArrayList<>();
        for (LaneSnapshot lane : lanes.viewNow(report).lanes()) {
            for (LaneSegment segment : lane.state().segments()) {
                // Of a rolled segment of which nothing is left the file is deleted already.
                if (erasure.records().mayBeIn(lane.lane(), segment)
                        && (!segment.rolled() || !catalog.isRemoved(segment))) {
                    inputs.add(HotInput.of(lane.lane(), segment, catalog.removal(segment.path())));
                }
            }
        }
        report.scanned(inputs.size());
        Set<String> paths = ConcurrentHashMap.newKeySet();
        workers()
                .forEach(
                        inputs,
                        input -> tryFile(input.segment().path(), report, () -> {
                            Found found = search.in(input);
                            if (!input.segment().rolled()) {
                                reportOpen(input.segment(), found, report);
                            } else if (!found.isNothing()
                                    || (found.hasTail() && erasure.records().isConfidential())) {
                                paths.add(input.segment().path());
                                report.found(new ErasureStats(erasure.dryRun() ? found.visible() : 0, 1, 0));
                            }
                        }));
        return paths;
    }

    private static void reportOpen(LaneSegment segment, Found found, LifecycleReport report) {
        long records = found.visible() + found.hidden();
        if (records > 0) {
            report.found(new ErasureStats(0, 0, records));
            report.skipped(records + " records stay in the open segment " + segment.path()
                    + ": close its writer, or wait until it has rolled the segment (hot.roll.ms), and run this again");
        }
    }

    private void eraseHot(Set<String> paths, RecordChoice chosen, Predicate<String> wanted, LifecycleReport report) {
        HotRewriter.Task whole = new HotRewriter.Task(
                segment -> paths.contains(segment.path()),
                inventory -> new SettleSelection(inventory).choose(path -> true),
                false);
        hot.erase(whole, chosen, wanted, report);
        for (String path : paths) {
            if (context.layout().store().exists(context.layout().resolve(path))) {
                report.skipped(path + " could not be settled as a whole and may still hold such records");
            }
        }
    }

    private List<SegmentEntry> searchFiles(
            RecordSearch search, Predicate<String> wanted, Erasure erasure, LifecycleReport report) {
        List<SegmentEntry> files = session.state().segments().stream()
                .filter(entry ->
                        wanted.test(entry.partitionPath()) && erasure.records().mayBeIn(entry))
                .toList();
        report.scanned(files.size());
        Set<String> holding = ConcurrentHashMap.newKeySet();
        workers()
                .forEach(
                        files,
                        file -> tryFile(file.path(), report, () -> {
                            Found found = search.in(file);
                            if (!found.isNothing()) {
                                holding.add(file.path());
                                report.found(new ErasureStats(erasure.dryRun() ? found.visible() : 0, 1, 0));
                            }
                        }));
        return files.stream().filter(file -> holding.contains(file.path())).toList();
    }

    private void eraseFile(SegmentEntry file, ErasedRecords erased, LifecycleReport report) {
        context.stop().check();
        tryFile(file.path(), report, () -> {
            FileGroup alone = new FileGroup(file.partitionPath(), file.cold(), List.of(file));
            report.rewritten(new GroupRewriter(context, session.log(), rules.segments(), coldFiles, report)
                    .rewrite(alone, erased, erased));
            report.erased(erased.records());
        });
    }

    /** A damaged file is reported and stays as it is; the others are gone through nevertheless. */
    private void tryFile(String path, LifecycleReport report, Runnable work) {
        try {
            work.run();
        } catch (CorruptDataException | NotFoundException damaged) {
            report.failed(context.layout().resolve(path), damaged);
        }
    }

    private ParallelWork workers() {
        return new ParallelWork(rules.workers());
    }

    /** Data that no log names and that nobody of this table will delete. */
    private void reportLeftovers(LifecycleReport report) {
        session.close(); // its temporary directory would be one of them
        List<LaneSnapshot> readable = lanes.viewNow(report).lanes();
        Set<String> names = new HashSet<>(new Lanes(context.layout(), context.clock()).names());
        try {
            new LeftoverFiles(context.layout(), session.state(), readable, names).forEach((path, reason, lost) -> {
                if (!LeftoverFiles.isOfLane(path) && !LeftoverFiles.isOfLog(path)) {
                    report.skipped(path + " was not looked at: " + reason);
                }
            });
        } catch (FirnException failed) {
            report.failed(context.layout().root(), failed);
        }
    }
}
