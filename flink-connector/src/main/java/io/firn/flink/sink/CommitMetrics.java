package io.firn.flink.sink;

import io.firn.log.PendingCommit;
import io.firn.table.SinkAttempts;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** How often is committed, and how long it takes. Written by the task's thread, read by reporters. */
final class CommitMetrics {
    /** The group of what Flink does not measure itself, below that of an operator. */
    static final String GROUP = "firn";

    private final LongSupplier nanoClock = System::nanoTime;
    private final Counter commits;
    private volatile long lastNs;

    CommitMetrics(MetricGroup operator) {
        MetricGroup group = operator.addGroup(GROUP);
        this.commits = group.counter("commits");
        group.gauge("commitTimeMs", () -> Duration.ofNanos(lastNs).toMillis());
    }

    /** Commits, and counts it when it has succeeded. */
    void commit(SinkAttempts attempts, PendingCommit prepared) {
        long start = nanoClock.getAsLong();
        attempts.commit(prepared);
        lastNs = nanoClock.getAsLong() - start;
        commits.inc();
    }
}
