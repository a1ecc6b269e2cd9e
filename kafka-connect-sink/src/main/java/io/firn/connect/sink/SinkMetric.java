package io.firn.connect.sink;

import io.firn.lifecycle.LifecycleStats;
import io.firn.metrics.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The metrics of a task of the sink; the page docs/metrics.md is made of them. Thread-safe. */
enum SinkMetric {
    RECORDS_ARCHIVED_TOTAL("Records that this task has committed.", SinkMeters::records),
    BYTES_ARCHIVED_TOTAL("Bytes of their keys and values.", SinkMeters::bytes),
    ERRANT_RECORDS_TOTAL(
            "Records that could not be archived and were reported to the worker.", SinkMeters::errantRecords),
    NULL_VALUES_IGNORED_TOTAL(
            "Records without a value that were left out (behavior.on.null.values=ignore).", SinkMeters::ignoredNulls),
    OPEN_LANES(
            "Lanes that are open: one for each partition of the task.",
            meters -> meters.held().lanes()),
    OPEN_SEGMENTS(
            "Lanes whose last segment is not sealed.", meters -> meters.held().segments()),
    UNCOMMITTED_RECORDS(
            "Records that were appended and are not committed, at most a second ago.",
            meters -> meters.held().records()),
    UNCOMMITTED_BYTES("Bytes of their keys and values.", meters -> meters.held().bytes()),
    COMMITTED_OFFSET_LAG(
            "Offsets from what is committed to what was appended last, of all lanes together. What still waits in the"
                    + " broker is the consumer's records-lag.",
            meters -> meters.held().lag()),
    COMMITTED_OFFSET_LAG_MAX(
            "The same of the lane where it is largest.", meters -> meters.held().maxLag()),
    PARTITIONS_PAUSED(
            "Partitions that wait: the disk is nearly full, or their lane cannot be written.",
            SinkMeters::pausedPartitions),
    COMMITS_TOTAL(
            "Commits of the task; each commits every lane.",
            meters -> meters.commits().count()),
    COMMIT_TIME_MS_AVG(
            "Milliseconds of a commit, on average over the last minute; NaN when there was none.",
            meters -> meters.commits().averageMs()),
    COMMIT_TIME_MS_MAX(
            "Milliseconds of the longest commit of the last minute.",
            meters -> meters.commits().maxMs()),
    COMMIT_TIME_MS_LAST(
            "Milliseconds of the last commit.", meters -> meters.commits().lastMs()),
    COMMIT_FAILURES_TOTAL("Commits of lanes that failed and are tried again.", SinkMeters::failedCommits),
    ROLLBACKS_TOTAL(
            "Times that a lane went back to its last commit; its records were read again.", SinkMeters::rollbacks),
    FENCED_LANES_TOTAL("Lanes that another task or connector has taken over.", SinkMeters::fencedLanes),
    LIFECYCLE_SETTLED_RECORDS_TOTAL(
            "Records that the lifecycle has brought into files of their partition.",
            meters -> meters.lifecycle(LifecycleStats::settledRecords)),
    LIFECYCLE_SETTLED_SEGMENTS_TOTAL(
            "Files that it has made of them.", meters -> meters.lifecycle(LifecycleStats::settledSegments)),
    LIFECYCLE_COMPRESSED_SEGMENTS_TOTAL(
            "Files that it has compressed, those not counted that settling compresses at once.",
            meters -> meters.lifecycle(LifecycleStats::compressedSegments)),
    LIFECYCLE_BYTES_BEFORE_TOTAL(
            "Bytes of what it has rewritten.", meters -> meters.lifecycle(LifecycleStats::bytesBefore)),
    LIFECYCLE_BYTES_AFTER_TOTAL(
            "Bytes of what it has made of them.", meters -> meters.lifecycle(LifecycleStats::bytesAfter)),
    LIFECYCLE_RATIO("Bytes before of bytes after; NaN when nothing was rewritten.", SinkMeters::lifecycleRatio),
    LIFECYCLE_TIME_MS_TOTAL("Milliseconds that its runs took.", meters -> meters.lifecycle(LifecycleStats::durationMs)),
    LIFECYCLE_FAILURES_TOTAL(
            "Files and runs that failed; the next run tries them again.", SinkMeters::lifecycleFailures);

    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // a method reference without state
    private final ToDoubleFunction<SinkMeters> value;

    SinkMetric(String meaning, ToDoubleFunction<SinkMeters> value) {
        this.meaning = meaning;
        this.value = value;
    }

    /** The metrics of one task. */
    static List<Metric> of(SinkMeters meters) {
        return Arrays.stream(values()).map(metric -> metric.measure(meters)).toList();
    }

    private Metric measure(SinkMeters meters) {
        return Metric.named(this, meaning, () -> value.applyAsDouble(meters));
    }
}
