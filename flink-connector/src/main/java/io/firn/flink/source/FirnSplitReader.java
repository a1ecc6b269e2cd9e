package io.firn.flink.source;

import io.firn.error.FirnException;
import io.firn.record.RecordView;
import io.firn.table.LaneReader;
import io.firn.table.RecordFile;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.jspecify.annotations.Nullable;

/**
 * Reads and deserializes, one split after the other in turn, a batch of each. When none has anything new it looks once
 * for all of them, and waits, for longer the longer nothing comes.
 *
 * <p>Confined to the fetcher's thread, but for {@link #wakeUp}.
 *
 * @param <T> type of the elements
 */
final class FirnSplitReader<T> implements SplitReader<RecordBatch<T>, FirnSplit> {
    static final int MAX_RECORDS = 2048;
    private static final long MAX_BYTES = 1 << 20;
    private static final long MIN_WAIT_MS = 2;
    private static final long MAX_WAIT_MS = 100;
    private static final long NO_TIMESTAMP_MS = -1;
    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final SourceSettings settings;
    private final FirnRecordDeserializer<T> deserializer;
    private final RateGate gate;
    private final SourceMetrics metrics;
    private final Queue<RecordBatch<T>> recycled = new ConcurrentLinkedQueue<>();
    private final Semaphore wakeUps = new Semaphore(0);
    private final Map<String, ActiveSplit> splits = new HashMap<>();
    /** The same, the one whose turn is next in front. */
    private final Deque<ActiveSplit> turns = new ArrayDeque<>();

    private @Nullable SplitTable table;
    private long waitMs = MIN_WAIT_MS;

    /** A split that this reader has. */
    private static final class ActiveSplit implements RecordPlace {
        private final String id;
        private final LaneReader lane;
        /** What the task knows of, or will when it has emitted what was handed over. */
        private long position;

        private boolean paused;

        private ActiveSplit(String id, LaneReader lane) {
            this.id = id;
            this.lane = lane;
            this.position = lane.position();
        }

        @Override
        public String writer() {
            return lane.writer();
        }

        @Override
        public String partitionPath() {
            return lane.partitionPath();
        }

        @Override
        public RecordFile file() {
            return lane.file();
        }
    }

    FirnSplitReader(
            SourceSettings settings, FirnRecordDeserializer<T> deserializer, RateGate gate, SourceMetrics metrics) {
        this.settings = settings;
        this.deserializer = deserializer;
        this.gate = gate;
        this.metrics = metrics;
    }

    @Override
    public RecordBatch<T> fetch() throws IOException {
        RecordBatch<T> batch = batch();
        int allowed = gate.allowed(MAX_RECORDS);
        if (allowed == 0) {
            await(gate.waitMs());
        } else if (takeTurns(batch, allowed) || (refresh() && takeTurns(batch, allowed))) {
            waitMs = MIN_WAIT_MS;
        } else {
            await(waitMs);
            waitMs = Math.min(2 * waitMs, MAX_WAIT_MS);
        }
        return batch;
    }

    private boolean refresh() throws IOException {
        try {
            return table != null && table.refresh();
        } catch (FirnException failed) {
            throw new IOException(
                    "Cannot look for new records in " + settings.location().path() + ": " + failed.getMessage(),
                    failed);
        }
    }

    /** Lets splits read until one has something; it is the last one to read again. */
    private boolean takeTurns(RecordBatch<T> batch, int maxRecords) throws IOException {
        for (int left = turns.size(); left > 0; left--) {
            ActiveSplit split = turns.removeFirst();
            turns.addLast(split);
            if (!split.paused) {
                fill(batch, split, maxRecords);
                if (!batch.isEmpty()) {
                    metrics.pending(pendingSequences());
                    return true;
                }
            }
        }
        return false;
    }

    private void fill(RecordBatch<T> batch, ActiveSplit split, int maxRecords) throws IOException {
        batch.begin(split.id);
        LaneReader lane = split.lane;
        try {
            long bytes = 0;
            while (batch.records() < maxRecords && bytes < MAX_BYTES && !deserializer.isSatisfied() && lane.next()) {
                RecordView record = lane.record();
                deserializer.deserialize(record, split, batch);
                batch.endRecord(timestampMs(record), record.sequence() + 1);
                bytes += Math.max(0, record.keyLength()) + (long) Math.max(0, record.valueLength());
            }
            gate.passed(batch.records());
            metrics.read(bytes);
            if (lane.position() > split.position) {
                split.position = lane.position();
                batch.advanceTo(split.position);
            }
            if (lane.isFinished() || deserializer.isSatisfied()) {
                batch.finish();
                remove(split);
            }
        } catch (FirnException | IOException failed) {
            throw new IOException(
                    "Cannot read writer '" + lane.writer() + "' of table '"
                            + settings.location().table() + "' at "
                            + settings.location().path() + " behind sequence " + lane.position() + ": "
                            + failed.getMessage(),
                    failed);
        }
    }

    private static long timestampMs(RecordView record) {
        long timestamp = record.timestamp();
        if (!record.inMillis()) {
            return Math.floorDiv(timestamp, NANOS_PER_MILLI);
        }
        return timestamp == NO_TIMESTAMP_MS ? TimestampAssigner.NO_TIMESTAMP : timestamp;
    }

    private long pendingSequences() {
        long pending = 0;
        for (ActiveSplit split : turns) {
            pending += split.lane.lag();
        }
        return pending;
    }

    private void await(long ms) {
        try {
            if (wakeUps.tryAcquire(ms, TimeUnit.MILLISECONDS)) {
                wakeUps.drainPermits();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private RecordBatch<T> batch() {
        RecordBatch<T> batch = recycled.poll();
        if (batch == null) {
            return new RecordBatch<>(MAX_RECORDS, recycled::add);
        }
        batch.reset();
        return batch;
    }

    @Override
    public void handleSplitsChanges(SplitsChange<FirnSplit> change) {
        if (!(change instanceof SplitsAddition)) {
            throw new UnsupportedOperationException("a change of splits other than an addition: " + change);
        }
        for (FirnSplit split : change.splits()) {
            if (table == null) {
                table = SplitTable.open(settings.location(), split);
            }
            ActiveSplit active = new ActiveSplit(split.splitId(), table.reader(split));
            splits.put(active.id, active);
            turns.addLast(active);
        }
        metrics.openSplits(turns.size());
        waitMs = MIN_WAIT_MS;
    }

    @Override
    public void pauseOrResumeSplits(Collection<FirnSplit> toPause, Collection<FirnSplit> toResume) {
        toPause.forEach(split -> setPaused(split, true));
        toResume.forEach(split -> setPaused(split, false));
    }

    private void setPaused(FirnSplit split, boolean paused) {
        ActiveSplit active = splits.get(split.splitId());
        if (active != null) {
            active.paused = paused;
        }
    }

    @Override
    public void wakeUp() {
        wakeUps.release();
    }

    @Override
    public void close() {
        splits.clear();
        turns.clear();
        metrics.openSplits(0);
        if (table != null) {
            table.close();
            table = null;
        }
    }

    private void remove(ActiveSplit split) {
        splits.remove(split.id);
        turns.remove(split);
        metrics.openSplits(turns.size());
        split.lane.close();
    }
}
