package io.firn.connect.source;

import io.firn.connect.common.WorkerMetrics;
import io.firn.error.FirnException;
import io.firn.metrics.MetricExport;
import io.firn.table.LaneInfo;
import io.firn.table.ReadAheadStats;
import io.firn.table.Table;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a task has replayed, and how far it is from the archive's end.
 *
 * <p>The position of a lane is that behind its last record which was handed to the worker. The archive is looked at
 * only when somebody asks for the lag. Written by the thread that polls, read by any.
 */
final class SourceMeters implements AutoCloseable {
    /** The option that carries the number of the task; set by the connector. */
    static final String TASK = "firn.task.number";

    private static final Logger LOG = LoggerFactory.getLogger(SourceMeters.class);
    private static final long LOOK_NS = Duration.ofSeconds(5).toNanos();
    private static final double NS_PER_SECOND = 1e9;

    private final Map<Map<String, String>, LaneProgress> lanes;
    private final Collection<Table> tables;
    private final Supplier<ReadAheadStats> readAhead;
    private final LongSupplier nanoClock;
    private final LongAdder records = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder readFailures = new LongAdder();
    private final long startedNs;
    private volatile boolean caughtUp;
    private long lookedNs;
    private @Nullable MetricExport export;

    /** One lane: how far it is replayed. Written by one thread, but for the end. */
    private static final class LaneProgress {
        private final long weightBytes;
        private final long wanted;
        private volatile long start;
        private volatile long position;
        private volatile long end;

        LaneProgress(LaneInfo lane, long stored) {
            this.weightBytes = lane.bytes();
            this.wanted = lane.position();
            this.start = stored;
            this.position = Math.max(0, stored);
            this.end = lane.position();
        }

        void handedOut(long first, long next) {
            if (start < 0) {
                start = first;
            }
            position = next;
        }

        double part() {
            return position >= wanted ? 1 : start < 0 ? 0 : (double) (position - start) / (wanted - start);
        }
    }

    private SourceMeters(
            Map<Map<String, String>, LaneProgress> lanes,
            Collection<Table> tables,
            Supplier<ReadAheadStats> readAhead,
            LongSupplier nanoClock) {
        this.lanes = lanes;
        this.tables = tables;
        this.readAhead = readAhead;
        this.nanoClock = nanoClock;
        this.startedNs = nanoClock.getAsLong();
        this.lookedNs = startedNs;
    }

    /**
     * Looks at the lanes of a plan.
     *
     * @param offsets what Connect has stored of an earlier run
     */
    static SourceMeters of(TaskPlan plan, ArchivedTables tables, StoredOffsets offsets, LongSupplier nanoClock) {
        Map<String, Map<String, LaneInfo>> present = new HashMap<>();
        tables.byName().forEach((name, table) -> {
            Map<String, LaneInfo> byWriter = present.computeIfAbsent(name, any -> new HashMap<>());
            table.lanes().forEach(lane -> byWriter.put(lane.writer(), lane));
        });
        Map<Map<String, String>, LaneProgress> lanes = new HashMap<>();
        for (LaneGroup group : plan.groups()) {
            for (ReplayLane lane : group.lanes()) {
                LaneInfo info = present.getOrDefault(lane.table(), Map.of()).get(lane.lane());
                if (info != null) {
                    Map<String, String> partition = SourceOffset.partition(lane.tableId(), lane.lane());
                    lanes.put(partition, new LaneProgress(info, offsets.sequence(partition)));
                }
            }
        }
        return new SourceMeters(
                Map.copyOf(lanes), List.copyOf(tables.byName().values()), tables::readAheadStats, nanoClock);
    }

    /** Shows the metrics to the worker until {@link #close}. */
    void show(SourceTaskContext context, Map<String, String> properties) {
        export = WorkerMetrics.show(
                SourceMetric.of(this),
                context::pluginMetrics,
                properties.getOrDefault("name", "?"),
                properties.getOrDefault(TASK, "0"));
    }

    @Override
    public void close() {
        if (export != null) {
            export.close();
        }
    }

    /**
     * A batch goes to the worker.
     *
     * @param mayGoOn whether more was visible; without, an empty batch says that the end is reached
     */
    void handedOut(PollBatch batch, boolean mayGoOn) {
        List<SourceRecord> handed = batch.records();
        records.add(handed.size());
        bytes.add(batch.bytes());
        caughtUp = handed.isEmpty() && !mayGoOn;
        int first = 0;
        while (first < handed.size()) {
            int last = first;
            Map<String, ?> partition = handed.get(first).sourcePartition();
            while (last + 1 < handed.size() && handed.get(last + 1).sourcePartition() == partition) {
                last++;
            }
            LaneProgress lane = lanes.get(partition);
            if (lane != null) {
                lane.handedOut(next(handed.get(first)) - 1, next(handed.get(last)));
            }
            first = last + 1;
        }
    }

    private static long next(SourceRecord record) {
        return SourceOffset.position(record.sourceOffset()).sequence();
    }

    /** The archive could not be read; it is tried again. */
    void readFailed() {
        readFailures.increment();
    }

    long records() {
        return records.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    long readFailures() {
        return readFailures.sum();
    }

    int lanes() {
        return lanes.size();
    }

    /** Lanes that have nothing left of what was committed when the task started. */
    long lanesDone() {
        return caughtUp
                ? lanes.size()
                : lanes.values().stream().filter(lane -> lane.part() >= 1).count();
    }

    boolean isCaughtUp() {
        return caughtUp;
    }

    /** Part that is replayed of what was committed when the task started, 0 to 1, by the size of the lanes. */
    double progress() {
        if (caughtUp || lanes.isEmpty()) {
            return 1;
        }
        double done = 0;
        double all = 0;
        for (LaneProgress lane : lanes.values()) {
            done += lane.part() * lane.weightBytes;
            all += lane.weightBytes;
        }
        return all == 0 ? 1 : Math.min(1, done / all);
    }

    /** Seconds to the end of that at the speed so far; NaN when nothing was replayed yet. */
    double etaSeconds() {
        double progress = progress();
        return progress >= 1
                ? 0
                : progress <= 0
                        ? Double.NaN
                        : (nanoClock.getAsLong() - startedNs) / NS_PER_SECOND * (1 - progress) / progress;
    }

    /** Offsets from what was handed out to what is committed in the archive, of all lanes together. */
    long lag() {
        look();
        return caughtUp
                ? 0
                : lanes.values().stream()
                        .mapToLong(lane -> Math.max(0, lane.end - lane.position))
                        .sum();
    }

    ReadAheadStats readAhead() {
        return readAhead.get();
    }

    /** Looks at the ends of the lanes, unless that was done lately. */
    private synchronized void look() {
        long nowNs = nanoClock.getAsLong();
        if (nowNs - lookedNs < LOOK_NS) {
            return;
        }
        lookedNs = nowNs;
        try {
            for (Table table : tables) {
                for (LaneInfo info : table.lanes()) {
                    LaneProgress lane = lanes.get(SourceOffset.partition(table.id(), info.writer()));
                    if (lane != null) {
                        lane.end = info.position();
                    }
                }
            }
        } catch (FirnException e) {
            LOG.debug("the lag is that of an earlier look", e);
        }
    }
}
