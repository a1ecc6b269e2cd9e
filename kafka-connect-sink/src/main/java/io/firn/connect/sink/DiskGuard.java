package io.firn.connect.sink;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses partitions while the disk is nearly full or their lane cannot be written, and resumes them by itself.
 *
 * <p>Confined to the task's thread.
 */
final class DiskGuard {
    private static final Logger LOG = LoggerFactory.getLogger(DiskGuard.class);
    private static final long CHECK_NS = Duration.ofSeconds(1).toNanos();
    /** After a write found the disk full, whatever the file system says is free. */
    private static final long BACK_OFF_NS = Duration.ofSeconds(5).toNanos();

    private final SinkTaskContext context;
    private final TableSet tables;
    private final long minFreeBytes;
    private final SinkMeters meters;
    /**
     * What the worker was told: true for paused. Of a partition that is missing nobody knows: a worker keeps pauses
     * over a rebalance that takes a partition away and gives it back.
     */
    private final Map<TopicPartition, Boolean> told = new HashMap<>();

    private boolean low;
    private boolean checked;
    private long checkedNs;
    private long fullUntilNs;
    private boolean full;

    DiskGuard(SinkTaskContext context, TableSet tables, long minFreeBytes, SinkMeters meters) {
        this.context = context;
        this.tables = tables;
        this.minFreeBytes = minFreeBytes;
        this.meters = meters;
    }

    /** Pauses and resumes as needed; looks at the disk at most once a second. */
    void check(Map<TopicPartition, PartitionLane> lanes, long nowNs) {
        for (PartitionLane lane : lanes.values()) {
            if (lane.takeFull()) {
                full = true;
                fullUntilNs = nowNs + BACK_OFF_NS;
            }
        }
        full = full && nowNs - fullUntilNs < 0;
        if (!checked || nowNs - checkedNs >= CHECK_NS) {
            checked = true;
            checkedNs = nowNs;
            look();
        }
        apply(lanes);
    }

    /** The partition is not assigned any more. */
    void forget(TopicPartition partition) {
        told.remove(partition);
    }

    private void look() {
        long usable = tables.usableBytes();
        boolean nowLow = usable < minFreeBytes;
        if (nowLow && !low) {
            LOG.warn(
                    "disk nearly full, partitions are paused: freeBytes={} {}={}",
                    usable,
                    FirnSinkConfig.MIN_FREE,
                    minFreeBytes);
        } else if (low && !nowLow) {
            LOG.info("disk has space again: freeBytes={}", usable);
        }
        low = nowLow;
    }

    private void apply(Map<TopicPartition, PartitionLane> lanes) {
        List<TopicPartition> pause = new ArrayList<>();
        List<TopicPartition> resume = new ArrayList<>();
        int paused = 0;
        for (Map.Entry<TopicPartition, PartitionLane> lane : lanes.entrySet()) {
            boolean wanted = low || full || lane.getValue().isBroken();
            paused += wanted ? 1 : 0;
            Boolean was = told.put(lane.getKey(), wanted);
            if (was == null || was != wanted) {
                (wanted ? pause : resume).add(lane.getKey());
            }
        }
        meters.paused(paused);
        if (!pause.isEmpty()) {
            context.pause(pause.toArray(TopicPartition[]::new));
        }
        if (!resume.isEmpty()) {
            context.resume(resume.toArray(TopicPartition[]::new));
        }
    }
}
