package io.firn.series;

import io.firn.cache.CacheHierarchy;
import io.firn.metrics.JmxExport;
import io.firn.metrics.OperationMetrics;
import io.firn.task.BackgroundOptions;
import io.firn.task.BackgroundProcessor;
import io.firn.task.TaskStats;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.management.MBeanServer;
import javax.management.StandardMBean;
import org.jspecify.annotations.Nullable;

/** What a store does by itself, and what it shows of itself in JMX. Thread-safe. */
final class StoreTasks implements AutoCloseable {
    /** Evictions and the like. */
    static final String CACHE = "cache_maintenance";
    /** Cuts, compaction, tiers. */
    static final String COMPACTION = "block_compaction";
    /** Gauges. */
    static final String METRICS = "metrics_collection";
    /** Retention, and files that count no more. */
    static final String CLEANUP = "cleanup";

    private final BackgroundProcessor processor;
    private final List<JmxExport> exports = new ArrayList<>();
    private @Nullable Supplier<SeriesStats> collector;
    private volatile @Nullable SeriesStats collected;

    StoreTasks(BackgroundOptions options) {
        this.processor = new BackgroundProcessor(options);
    }

    /** Begins, when the options want it. */
    void start(CacheHierarchy cache, BlockWork work, Supplier<SeriesStats> stats) {
        collector = stats;
        BackgroundOptions options = processor.options();
        processor.add(CACHE, options.cacheInterval(), cache::maintain);
        processor.add(COMPACTION, options.compactionInterval(), work::compactDue);
        processor.add(METRICS, options.metricsInterval(), () -> collected = stats.get());
        processor.add(CLEANUP, options.cleanupInterval(), work::cleanUp);
        processor.start();
    }

    /** Shows operations and gauges in the platform's server. */
    void export(String owner, OperationMetrics metrics) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        StandardMBean gauges = new StandardMBean(new SeriesBean(this::latest), SeriesMXBean.class, true);
        exports.add(JmxExport.register(server, owner, metrics));
        exports.add(JmxExport.register(server, "SeriesStore", owner, gauges));
    }

    /** What was collected last; reading an attribute does not look at the files each time. */
    private SeriesStats latest() {
        SeriesStats last = collected;
        Supplier<SeriesStats> now = collector;
        if (now == null) {
            throw new IllegalStateException("nothing is shown before the start");
        }
        return last == null || !processor.isRunning() ? now.get() : last;
    }

    /** What the tasks did. */
    List<TaskStats> stats() {
        return processor.stats();
    }

    /** Ends within the time of the options; nothing is shown any more. Idempotent. */
    @Override
    public void close() {
        try {
            exports.forEach(JmxExport::close);
        } finally {
            processor.close();
        }
    }
}
