package io.firn.lifecycle;

import io.firn.error.ConfigException;
import io.firn.error.FirnException;
import io.firn.fs.RateLimiter;
import io.firn.fs.ThrottledFileStore;
import io.firn.log.TableLayout;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionValues;
import io.firn.segment.ReadAhead;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import java.nio.file.Path;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lifecycle of one table: settles hot records into partitions, compresses and decompresses, on command or by itself
 * after commits and by a timer.
 *
 * <p>Nothing happens by itself before {@link #start}. At most one manager works on a table at a time, in all processes;
 * the others skip their run. Writers and readers never wait for it. Thread-safe.
 */
public final class LifecycleManager implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LifecycleManager.class);

    private final Table table;
    private final LifecycleOptions options;
    private final TableMaintainer maintainer;
    private final ScheduledThreadPoolExecutor workers;
    private final AtomicBoolean lookIsPlanned = new AtomicBoolean();
    private final LongAdder failures = new LongAdder();

    private LifecycleManager(Table table, LifecycleOptions options) {
        this.table = table;
        this.options = options;
        this.maintainer = new TableMaintainer(context(table, options), rules(table, options));
        this.workers = new ScheduledThreadPoolExecutor(options.threads(), daemonThreads());
        workers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        workers.setRemoveOnCancelPolicy(true);
    }

    /** Opens the lifecycle of a table; the caller closes it before the table's files may go. */
    public static LifecycleManager open(Table table, LifecycleOptions options) {
        return new LifecycleManager(table, options);
    }

    /** Begins to look at the table by itself, every {@link LifecycleOptions#interval}. */
    @SuppressWarnings("FutureReturnValueIgnored") // a look reports its failures itself
    public LifecycleManager start() {
        long intervalMs = options.interval().toMillis();
        workers.scheduleWithFixedDelay(this::look, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
        return this;
    }

    /** Says that something was committed: a look at the table follows soon. Returns at once, also under load. */
    @SuppressWarnings("FutureReturnValueIgnored") // a look reports its failures itself
    public void notifyCommit() {
        if (!workers.isShutdown() && lookIsPlanned.compareAndSet(false, true)) {
            workers.schedule(this::look, options.commitDelay().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Does what a request asks for, in the calling thread.
     *
     * @return what was done, what was left for later, and what failed; one bad file does not stop the rest
     */
    public LifecycleStats run(LifecycleRequest request) {
        try {
            LifecycleStats stats = maintainer.run(request);
            failures.add(stats.errors().size());
            return stats;
        } catch (RuntimeException failed) {
            failures.increment();
            throw failed;
        }
    }

    /**
     * Settles and compresses all of one partition, whatever the policy says.
     *
     * @param partition its directory, absolute or relative to the table's
     * @throws io.firn.error.ConfigException when it is no partition directory of this table
     */
    public LifecycleStats compressPartition(Path partition) {
        Path absolute = table.path().resolve(partition).normalize();
        if (!absolute.startsWith(table.path())) {
            throw new ConfigException("The directory " + absolute + " is not below the table " + table.path()
                    + "; give a partition of this table");
        }
        PartitionValues values = table.scheme().parsePath(table.layout().relativize(absolute));
        PartitionFilter[] fields = table.scheme().fields().stream()
                .map(field -> PartitionFilter.exact(field.name(), values.get(field.name())))
                .toArray(PartitionFilter[]::new);
        return run(LifecycleRequest.compressAll().where(PartitionFilter.and(fields)));
    }

    /** What all runs of this manager did together. */
    public LifecycleStats total() {
        return maintainer.total();
    }

    /** Files and whole runs that failed since this manager was opened; unlike the messages, all are counted. */
    public long failures() {
        return failures.sum();
    }

    /**
     * Stops: a rewrite that is running ends early and leaves everything as it was. Waits at most {@link
     * LifecycleOptions#closeTimeout}; a rewrite that takes longer closes its files when it ends. Idempotent.
     */
    @Override
    public void close() {
        maintainer.stop();
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(options.closeTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("a rewrite is still stopping: path={}", table.path());
                maintainer.closeWithoutWaiting();
                return;
            }
        } catch (InterruptedException interrupted) {
            maintainer.closeWithoutWaiting();
            Thread.currentThread().interrupt();
            return;
        }
        maintainer.close();
    }

    private void look() {
        lookIsPlanned.set(false);
        try {
            LifecycleStats stats = run(LifecycleRequest.due());
            stats.errors().forEach(error -> LOG.warn("lifecycle path={} error={}", table.path(), error));
        } catch (FirnException failed) {
            LOG.warn("lifecycle run failed, the next one tries again: path={}", table.path(), failed);
        } catch (RuntimeException bug) {
            // Escaping, it would end the timer without a word.
            LOG.error("lifecycle run ended by a programming error: path={}", table.path(), bug);
        }
    }

    private static RewriteContext context(Table table, LifecycleOptions options) {
        StopSignal stop = new StopSignal();
        return new RewriteContext(
                layout(table, options, stop),
                table.segmentAccess().withReadAhead(ReadAhead.off()), // a worker is one thread
                table.environment().clock(),
                new FileForcer(table.layout().store(), options.forceThreads()),
                stop,
                Distribution.FAN_OUT,
                table.config().diskMinFreeBytes());
    }

    /** The table's layout; under a limit, every byte that goes through its files is counted. */
    private static TableLayout layout(Table table, LifecycleOptions options, StopSignal stop) {
        TableLayout layout = table.layout();
        if (options.bytesPerSecond().isEmpty()) {
            return layout;
        }
        long bytesPerSecond = options.bytesPerSecond().getAsLong();
        RateLimiter limiter = new RateLimiter(bytesPerSecond, System::nanoTime, stop::pause);
        return layout.through(new ThrottledFileStore(layout.store(), limiter));
    }

    private static MaintenanceRules rules(Table table, LifecycleOptions options) {
        TableConfig config = table.config();
        return new MaintenanceRules(
                table.scheme(),
                table.bufferedSegmentOptions(),
                options.compression().optionsOf(config),
                new PolicyRule(options.compression().policyOf(config), table.layout(), config.trackAccess()),
                config.settleMinBytes(),
                config.hotMaxBytes(),
                config.compactMinFiles(),
                config.diskMinFreeBytes(),
                options.threads(),
                new RetentionLimits(config.retention(), config.retentionBytes()));
    }

    private static ThreadFactory daemonThreads() {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "firn-lifecycle-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
