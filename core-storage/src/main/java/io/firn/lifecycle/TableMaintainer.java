package io.firn.lifecycle;

import io.firn.access.AccessTracker;
import io.firn.error.ClosedException;
import io.firn.error.ConfigException;
import io.firn.error.FirnException;
import io.firn.error.WriterFencedException;
import io.firn.fs.PoliteLock;
import io.firn.lifecycle.LifecycleRequest.Step;
import io.firn.log.Catalog;
import io.firn.log.CatalogState;
import io.firn.log.HotInput;
import io.firn.log.KnownLogs;
import io.firn.log.LaneSegment;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import io.firn.table.ArchiveRoot;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the lifecycle of one table: settles, compresses, decompresses, deletes what was rewritten.
 *
 * <p>At most one maintainer works on a table at a time: a polite lock keeps others away, the catalog's epoch stops
 * those that do not see the lock. A run never fails because of one bad file: that is reported and left as it is.
 * Thread-safe:
 * one monitor orders the runs.
 */
final class TableMaintainer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableMaintainer.class);

    private final RewriteContext context;
    private final MaintenanceRules rules;
    private final CatalogSession session;
    private final LaneViews lanes;
    private final HotUnlinker unlinker;
    private final DeadLanes deadLanes;
    private final ColdFiles coldFiles;
    private final HotRewriter hot;
    private final PartitionRemoval removal;
    private final RecordErasure erasure;
    private final ReentrantLock monitor = new ReentrantLock();
    private volatile LifecycleStats total = LifecycleStats.NONE;
    private boolean closed;

    TableMaintainer(RewriteContext context, MaintenanceRules rules) {
        TableLayout layout = context.layout();
        this.context = context;
        this.rules = rules;
        KnownLogs logs = KnownLogs.ofMaintainer(layout, context.clock());
        this.lanes = new LaneViews(layout, logs);
        this.session = new CatalogSession(layout, context.clock(), logs, lanes);
        this.unlinker = new HotUnlinker(layout, context.forcer());
        this.deadLanes = new DeadLanes(layout, context.clock());
        this.coldFiles = new ColdFiles(layout.store(), context.access(), rules.compression(), context.clock());
        this.hot = new HotRewriter(context, rules, session, lanes, unlinker, coldFiles);
        this.removal = new PartitionRemoval(context, rules, session, lanes, unlinker);
        this.erasure = new RecordErasure(context, rules, session, lanes, hot, coldFiles);
    }

    /** Does what a request asks for, unless another maintainer is at work. */
    LifecycleStats run(LifecycleRequest request) {
        monitor.lock();
        try {
            return runAlone(request);
        } finally {
            monitor.unlock();
            if (context.stop().isStopped()) {
                closeWithoutWaiting(); // who stopped it may not have waited for it
            }
        }
    }

    private LifecycleStats runAlone(LifecycleRequest request) {
        if (closed) {
            throw new ClosedException("The maintainer of " + root() + " is closed");
        }
        long startMs = context.clock().millis();
        LifecycleReport report = new LifecycleReport();
        Optional<PoliteLock> lock = Catalog.tryLock(context.layout());
        if (lock.isEmpty()) {
            report.skipped("another maintainer is at work on " + root() + "; run it again later");
        } else {
            try (PoliteLock held = lock.get()) {
                runLocked(request, report);
                session.endRun();
            } finally {
                hot.endRun();
            }
        }
        LifecycleStats stats = report.toStats(context.clock().millis() - startMs);
        total = total.plus(stats);
        if (!stats.isIdle()) {
            LOG.info("lifecycle path={} {}", root(), stats);
        }
        return stats;
    }

    /** What all runs that have ended did together; never waits for one that is at work. */
    LifecycleStats total() {
        return total;
    }

    /** Asks a running rewrite to stop; it leaves everything as it was. */
    void stop() {
        context.stop().stop();
    }

    @Override
    public void close() {
        stop();
        monitor.lock();
        try {
            closeSession();
        } finally {
            monitor.unlock();
        }
    }

    /** The same, and a run that is still at work closes what it has open when it ends. */
    void closeWithoutWaiting() {
        stop();
        if (monitor.tryLock()) {
            try {
                closeSession();
            } finally {
                monitor.unlock();
            }
        }
    }

    private void closeSession() {
        closed = true;
        session.close();
    }

    private String root() {
        return context.layout().root().toString();
    }

    private void runLocked(LifecycleRequest request, LifecycleReport report) {
        session.begin();
        if (request.isDryRun()) {
            attempt(report, () -> erasure.run(request, report));
            return;
        }
        attempt(report, () -> unlinkLeftovers(request, report));
        if (request.does(Step.DROP) || request.does(Step.EXPIRE)) {
            attempt(report, () -> removal.run(request, report));
        }
        if (request.does(Step.ERASE)) {
            attempt(report, () -> erasure.run(request, report));
        }
        if (request.removes()) {
            attempt(report, () -> removeDirectories(request, report));
        }
        if (request.does(Step.SETTLE)) {
            attempt(report, () -> settle(request, report));
        }
        if (request.does(Step.COMPACT)) {
            attempt(report, () -> compact(request, report));
        }
        if (request.does(Step.COMPRESS) && mayCompress(report)) {
            if (request.isAll() || attempt(report, rules.compressionRule()::begin)) {
                attempt(report, () -> compressPartitionWriters(request, report));
                attempt(report, () -> compress(request, report));
            }
        }
        if (request.does(Step.DECOMPRESS)) {
            attempt(report, () -> decompress(request, report));
        }
    }

    /** Runs a part; whatever fails, the other parts are tried too, under a catalog that is opened anew. */
    private boolean attempt(LifecycleReport report, Runnable part) {
        try {
            context.stop().check();
            part.run();
            return true;
        } catch (WriterFencedException fenced) {
            report.skipped("another maintainer took over: " + fenced.getMessage());
        } catch (ClosedException stopped) {
            report.skipped(String.valueOf(stopped.getMessage()));
        } catch (FirnException failed) {
            report.failed(context.layout().root(), failed);
        }
        session.close();
        return false;
    }

    /** Brings dead lanes to an end and deletes what an earlier maintainer could not delete any more. */
    private void unlinkLeftovers(LifecycleRequest request, LifecycleReport report) {
        session.clearLeftovers();
        AccessTracker.clearLeftover(context.layout());
        CatalogState catalog = session.state();
        LaneView view = lanes.view(report);
        if (request.touchesHot()) {
            List<String> taken = deadLanes.takeOver(view.lanes(), report);
            if (!taken.isEmpty()) {
                LOG.info("ended the segments of writers that are gone: path={} writers={}", root(), taken);
                view = lanes.viewNow(report);
            }
        }
        report.deleted(unlinker.unlink(catalog, view));
    }

    private void removeDirectories(LifecycleRequest request, LifecycleReport report) {
        EmptyDirectories empty = new EmptyDirectories(context);
        if (request.isAll()) {
            empty.removeAll();
        } else {
            empty.remove(report.removedPartitions());
        }
    }

    private void settle(LifecycleRequest request, LifecycleReport report) {
        boolean wanted = request.isAll()
                ? request.does(Step.COMPRESS)
                : rules.compressionRule().isImmediate();
        boolean cold = wanted && !isCompressionStopped();
        Predicate<LaneSegment> segments = segment -> HotInput.isMixed(segment) && (request.isAll() || segment.rolled());
        hot.rewrite(new HotRewriter.Task(segments, inventory -> selection(request, inventory), cold), report);
    }

    private SettleSelection selection(LifecycleRequest request, HotInventory inventory) {
        SettleSelection selection = new SettleSelection(inventory);
        if (request.isAll()) {
            return selection.choose(wanted(request));
        }
        Instant now = context.clock().instant();
        PeriodRule periods = new PeriodRule(rules.scheme());
        return selection
                .chooseFrom(rules.settleMinBytes())
                .choose(path -> periods.isOver(path, now))
                .limitRest(rules.hotMaxBytes());
    }

    /** Writers of one partition write into its directory: there is nothing to settle, they are compressed. */
    private void compressPartitionWriters(LifecycleRequest request, LifecycleReport report) {
        Predicate<LaneSegment> segments = segment -> !HotInput.isMixed(segment)
                && segment.rolled()
                && (request.isAll() || isDue(LaneEntries.of(context, segment), report));
        Function<HotInventory, SettleSelection> selecting =
                inventory -> new SettleSelection(inventory).choose(wanted(request));
        hot.rewrite(new HotRewriter.Task(segments, selecting, true), report);
    }

    /** By itself only where the table asks for it, and not for ever: the next run goes on. */
    private void compact(LifecycleRequest request, LifecycleReport report) {
        if (!request.isAll() && rules.compactMinFiles() == 0) {
            return;
        }
        CompactionPlan plan = new CompactionPlan(rules.segments().segmentSizeBytes());
        List<FileGroup> groups =
                plan.of(session.state().segments(), entry -> wanted(request).test(entry.partitionPath()));
        if (!request.isAll()) {
            groups = CompactionPlan.due(groups, rules.compactMinFiles());
        }
        if (groups.stream().anyMatch(FileGroup::cold) && !mayCompress(report)) {
            groups = groups.stream().filter(group -> !group.cold()).toList();
        }
        report.scanned(groups.stream().mapToInt(group -> group.files().size()).sum());
        if (!groups.isEmpty()) {
            GroupRewriter rewriter = new GroupRewriter(context, session.log(), rules.segments(), coldFiles, report);
            new PartitionCompactor(context, rewriter, report).compact(groups);
        }
    }

    private void compress(LifecycleRequest request, LifecycleReport report) {
        List<SegmentEntry> due = session.state().segments().stream()
                .filter(entry -> !entry.cold() && (request.isAll() || isDue(entry, report)))
                .filter(entry -> wanted(request).test(entry.partitionPath()))
                .toList();
        report.scanned(due.size());
        if (!due.isEmpty()) {
            new SegmentRewriter(context, session.log(), coldFiles, rules.workers(), report).compress(due);
        }
    }

    private boolean mayCompress(LifecycleReport report) {
        boolean stopped = isCompressionStopped();
        if (stopped) {
            report.skipped("compression is stopped for all tables beside " + root()
                    + "; 'firn compression --resume' on the archive lets it go on");
        }
        return !stopped;
    }

    private boolean isCompressionStopped() {
        Path archive = context.layout().root().getParent();
        return archive != null
                && ArchiveRoot.isCompressionStopped(context.layout().store(), archive);
    }

    private void decompress(LifecycleRequest request, LifecycleReport report) {
        List<SegmentEntry> cold = session.state().segments().stream()
                .filter(entry -> entry.cold() && wanted(request).test(entry.partitionPath()))
                .toList();
        report.scanned(cold.size());
        if (!cold.isEmpty()) {
            new SegmentRewriter(context, session.log(), coldFiles, rules.workers(), report).decompress(cold);
        }
    }

    /** A rule of the user's own that fails leaves its segment as it is; the others are asked nevertheless. */
    private boolean isDue(SegmentEntry entry, LifecycleReport report) {
        try {
            return rules.compressionRule().isDue(entry, context.clock().instant());
        } catch (ConfigException failed) {
            report.failed(context.layout().resolve(entry.path()), failed);
            return false;
        }
    }

    private Predicate<String> wanted(LifecycleRequest request) {
        return path -> request.filter().matches(rules.scheme().parsePath(path));
    }
}
