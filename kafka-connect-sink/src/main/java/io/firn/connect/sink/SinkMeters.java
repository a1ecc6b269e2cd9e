package io.firn.connect.sink;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleStats;
import io.firn.metrics.RecentTimes;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * What a task has archived and what it holds that is not committed.
 *
 * <p>Lanes count for themselves in plain fields; the task's thread sums them up once a second and after commits, so a
 * record costs two additions. Written by the task's thread, read by any.
 */
final class SinkMeters {
    private static final long LOOK_NS = Duration.ofSeconds(1).toNanos();

    private final LongSupplier nanoClock;
    private final RecentTimes commits;
    private final LongAdder records = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder errantRecords = new LongAdder();
    private final LongAdder ignoredNulls = new LongAdder();
    private final LongAdder failedCommits = new LongAdder();
    private final LongAdder rollbacks = new LongAdder();
    private final LongAdder fenced = new LongAdder();
    private final List<LifecycleManager> lifecycles = new CopyOnWriteArrayList<>();
    private final Set<MeasuredWriter> lanes = new LinkedHashSet<>();
    private volatile Held held = Held.NOTHING;
    private volatile int pausedPartitions;
    private long lookedNs;

    /**
     * What the open lanes hold.
     *
     * @param lanes open lanes
     * @param segments those with a segment that is not sealed
     * @param records records that were appended and are not committed
     * @param bytes their keys and values
     * @param lag offsets between what was appended last and what is committed, of all lanes
     * @param maxLag of the lane where it is largest
     */
    record Held(int lanes, int segments, long records, long bytes, long lag, long maxLag) {
        static final Held NOTHING = new Held(0, 0, 0, 0, 0, 0);

        Held plus(MeasuredWriter lane) {
            return new Held(
                    lanes + 1,
                    segments + (lane.hasOpenSegment() ? 1 : 0),
                    records + lane.uncommittedRecords(),
                    bytes + lane.uncommittedBytes(),
                    lag + lane.lag(),
                    Math.max(maxLag, lane.lag()));
        }
    }

    SinkMeters(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.commits = new RecentTimes(nanoClock);
        this.lookedNs = nanoClock.getAsLong() - LOOK_NS;
    }

    /** The same writer, measured until it is closed. */
    LaneWriter measure(LaneWriter writer) {
        MeasuredWriter measured = new MeasuredWriter(writer, this);
        lanes.add(measured);
        return measured;
    }

    /** A table's lifecycle is running, to the end of the task. */
    void lifecycle(LifecycleManager lifecycle) {
        lifecycles.add(lifecycle);
    }

    /** Sums the lanes up, at most once a second. */
    void look(long nowNs) {
        if (nowNs - lookedNs >= LOOK_NS) {
            lookNow(nowNs);
        }
    }

    /** The task has committed its lanes, beginning at a moment. */
    void committed(long beganNs) {
        long nowNs = nanoClock.getAsLong();
        commits.record(nowNs - beganNs);
        lookNow(nowNs);
    }

    private void lookNow(long nowNs) {
        lookedNs = nowNs;
        Held sum = Held.NOTHING;
        for (MeasuredWriter lane : lanes) {
            sum = sum.plus(lane);
        }
        held = sum;
    }

    void archived(long moreRecords, long moreBytes) {
        records.add(moreRecords);
        bytes.add(moreBytes);
    }

    void errant() {
        errantRecords.increment();
    }

    void nullIgnored() {
        ignoredNulls.increment();
    }

    void commitFailed() {
        failedCommits.increment();
    }

    void rolledBack() {
        rollbacks.increment();
    }

    void fenced() {
        fenced.increment();
    }

    void paused(int partitions) {
        pausedPartitions = partitions;
    }

    void closed(MeasuredWriter lane) {
        lanes.remove(lane);
        lookedNs = nanoClock.getAsLong() - LOOK_NS;
        held = lanes.isEmpty() ? Held.NOTHING : held;
    }

    long records() {
        return records.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    long errantRecords() {
        return errantRecords.sum();
    }

    long ignoredNulls() {
        return ignoredNulls.sum();
    }

    long failedCommits() {
        return failedCommits.sum();
    }

    long rollbacks() {
        return rollbacks.sum();
    }

    long fencedLanes() {
        return fenced.sum();
    }

    int pausedPartitions() {
        return pausedPartitions;
    }

    Held held() {
        return held;
    }

    RecentTimes commits() {
        return commits;
    }

    /** A figure of what the lifecycles of all tables have done. */
    long lifecycle(ToLongFunction<LifecycleStats> figure) {
        return lifecycles.stream()
                .map(LifecycleManager::total)
                .mapToLong(figure)
                .sum();
    }

    long lifecycleFailures() {
        return lifecycles.stream().mapToLong(LifecycleManager::failures).sum();
    }

    /** Size before of size after, of all that was rewritten; NaN when nothing was. */
    double lifecycleRatio() {
        long after = lifecycle(LifecycleStats::bytesAfter);
        return after == 0 ? Double.NaN : (double) lifecycle(LifecycleStats::bytesBefore) / after;
    }
}
