package io.firn.flink.sink;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleStats;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.MetricGroup;

/** What a table's lifecycle has done in a job, since the task has begun. Thread-safe: no state. */
final class LifecycleMetrics {
    private LifecycleMetrics() {}

    /** Shows the figures of a manager in the group of its operator. */
    static void show(MetricGroup operator, LifecycleManager manager) {
        MetricGroup group = operator.addGroup(CommitMetrics.GROUP);
        show(group, "settledRecords", manager, LifecycleStats::settledRecords);
        show(group, "settledSegments", manager, LifecycleStats::settledSegments);
        show(group, "compressedSegments", manager, LifecycleStats::compressedSegments);
        show(group, "bytesBefore", manager, LifecycleStats::bytesBefore);
        show(group, "bytesAfter", manager, LifecycleStats::bytesAfter);
        show(group, "lifecycleTimeMs", manager, LifecycleStats::durationMs);
        group.gauge("lifecycleFailures", manager::failures);
    }

    private static void show(
            MetricGroup group, String name, LifecycleManager manager, ToLongFunction<LifecycleStats> figure) {
        group.gauge(name, () -> figure.applyAsLong(manager.total()));
    }
}
