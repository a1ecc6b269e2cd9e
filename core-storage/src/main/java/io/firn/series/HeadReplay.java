package io.firn.series;

import io.firn.error.CorruptDataException;
import io.firn.record.RecordView;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Rebuilds the head from records of table {@code samples}, with the deletions in between at their places. Confined to
 * one thread.
 */
final class HeadReplay {
    private static final long NONE = -1;

    private final Path table;
    private final Head head;
    private final StoppedDeletions stopped;
    private final Deque<Tombstone> deletions;
    /** What references mean in the generation that is being read. */
    private final Map<Integer, Integer> refs = new HashMap<>();

    private final SampleArrays scratch = new SampleArrays();
    private final PointRun points = new PointRun();
    private String generation = "";
    private long lastGeneration;
    private long firstSequence = NONE;

    /** Begins with nothing; the table is for messages. */
    HeadReplay(Path table, List<Tombstone> deletions, StoppedDeletions stopped, long nowMs) {
        this.table = table;
        this.stopped = stopped;
        this.head = new Head(nowMs);
        this.deletions = new ArrayDeque<>(deletions);
    }

    /** Begins where blocks end; the table is for messages. */
    static HeadReplay begin(Path table, ManifestState state, StoppedDeletions stopped, long nowMs) {
        HeadReplay replay = new HeadReplay(table, state.tombstones(), stopped, nowMs);
        replay.lastGeneration = state.consumed().generation();
        return replay;
    }

    /** The head so far. */
    Head head() {
        return head;
    }

    /** Takes the next record. */
    void accept(String partitionPath, RecordView record) {
        firstSequence = firstSequence == NONE ? record.sequence() : firstSequence;
        if (head.index().size() == 0) {
            head.begin(millisOf(record));
        }
        enter(partitionPath);
        deleteBefore(record.sequence());
        apply(record);
    }

    /** Deletions that came since. */
    void add(List<Tombstone> since) {
        deletions.addAll(since);
    }

    /** Everything is read that is there. */
    void end() {
        deleteBefore(Long.MAX_VALUE);
    }

    /** The highest generation that was read, or that blocks have consumed. */
    long lastGeneration() {
        return lastGeneration;
    }

    /** The sequence of the first record, or what is given when there was none. */
    long firstSequence(long otherwise) {
        return firstSequence == NONE ? otherwise : firstSequence;
    }

    private static long millisOf(RecordView record) {
        return record.inMillis() ? record.timestamp() : TimeUnit.NANOSECONDS.toMillis(record.timestamp());
    }

    private void enter(String partitionPath) {
        if (!partitionPath.equals(generation)) {
            generation = partitionPath;
            refs.clear();
            Long number = HeadLog.SCHEME.parsePath(partitionPath).getInt(HeadLog.GENERATION);
            lastGeneration = Math.max(lastGeneration, Objects.requireNonNullElse(number, 0L));
        }
    }

    private void deleteBefore(long sequence) {
        while (!deletions.isEmpty() && deletions.getFirst().headSequence() <= sequence) {
            Tombstone deletion = deletions.removeFirst();
            head.delete(deletion, stopped);
        }
    }

    private void apply(RecordView record) {
        RecordBytes bytes = new RecordBytes(record, table, 0);
        switch (record.typeId()) {
            case HeadRecords.SERIES -> define(bytes.fixed32(), bytes);
            case HeadRecords.MARK -> mark(bytes);
            case HeadRecords.SAMPLES -> {
                int series = seriesOf(bytes.fixed32(), bytes);
                HeadRecords.samples(bytes, scratch);
                head.append(series, scratch, 0, scratch.size());
            }
            case HeadRecords.STRIDE -> {
                int series = seriesOf(bytes.fixed32(), bytes);
                HeadRecords.stride(bytes, scratch);
                head.append(series, scratch, 0, scratch.size());
            }
            case HeadRecords.POINTS -> {
                HeadRecords.points(bytes, points);
                for (int i = 0; i < points.size(); i++) {
                    head.append(seriesOf(points.ref(i), bytes), points.samples(), i, i + 1);
                }
            }
            default -> throw unknown(record, bytes);
        }
    }

    private void mark(RecordBytes bytes) {
        long value = bytes.fixed64();
        head.mark(bytes.text(), value);
        bytes.expectEnd();
    }

    private int seriesOf(int ref, RecordBytes bytes) {
        Integer series = refs.get(ref);
        if (series == null) {
            throw bytes.corrupt("reference " + ref + " is used before its labels in " + generation);
        }
        return series;
    }

    private void define(int ref, RecordBytes bytes) {
        SeriesType type = SeriesType.of(bytes.octet(), bytes);
        Labels labels = HeadRecords.labels(bytes);
        int known = head.index().find(labels);
        if (known == SeriesIndex.UNKNOWN) {
            known = head.addSeries(labels, type);
        }
        head.setType(known, type);
        refs.put(ref, known);
    }

    private static CorruptDataException unknown(RecordView record, RecordBytes bytes) {
        return bytes.corrupt("unknown type " + record.typeId());
    }
}
