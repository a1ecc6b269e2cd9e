package io.firn.series;

import io.firn.error.CorruptDataException;
import io.firn.record.RecordView;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Rebuilds the head from the committed records of table {@code samples} that no block has consumed, with the deletions
 * in between at their places. Confined to one thread.
 */
final class HeadReplay implements AutoCloseable {
    private final Table table;
    private final TableReader reader;
    private final Head head;
    private final Deque<Tombstone> deletions;
    /** What references mean in the generation that is being read. */
    private final Map<Integer, Integer> refs = new HashMap<>();

    private final SampleArrays scratch = new SampleArrays();
    private String generation = "";
    private long lastGeneration;

    private HeadReplay(Table table, ManifestState state, long nowMs) {
        this.table = table;
        this.head = new Head(nowMs);
        this.deletions = new ArrayDeque<>(state.tombstones());
        this.lastGeneration = state.consumed().generation();
        this.reader = table.reader(ScanOptions.builder()
                .writer(HeadLog.WRITER)
                .fromSequences(Map.of(HeadLog.WRITER, state.consumed().sequence()))
                .counted(false)
                .build());
    }

    /**
     * What a replay found.
     *
     * @param head the head
     * @param lastGeneration the highest generation of it, or of those that blocks have consumed
     */
    record Result(Head head, long lastGeneration) {}

    /**
     * Reads everything from where the blocks end.
     *
     * @param nowMs age of the head when it turns out to be empty
     */
    static Result run(Table table, ManifestState state, long nowMs) {
        try (HeadReplay replay = begin(table, state, nowMs)) {
            replay.advance();
            return new Result(replay.head, replay.lastGeneration);
        }
    }

    /** Begins where the blocks end; nothing is read yet. */
    static HeadReplay begin(Table table, ManifestState state, long nowMs) {
        return new HeadReplay(table, state, nowMs);
    }

    /** The head as far as it is read. */
    Head head() {
        return head;
    }

    /** Goes on with what was committed since, and with deletions that came since. */
    void follow(List<Tombstone> since) {
        deletions.addAll(since);
        reader.refresh();
        advance();
    }

    /** Reads on to the end. */
    void advance() {
        while (reader.next()) {
            RecordView record = reader.record();
            if (head.index().size() == 0) {
                head.begin(record.timestamp());
            }
            enter(reader.partitionPath());
            deleteBefore(record.sequence());
            apply(record);
        }
        deleteBefore(Long.MAX_VALUE);
    }

    @Override
    public void close() {
        reader.close();
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
            head.delete(deletion.matchers(), deletion.range());
        }
    }

    private void apply(RecordView record) {
        RecordBytes bytes = new RecordBytes(record, table.path(), 0);
        switch (record.typeId()) {
            case HeadRecords.SERIES -> define(bytes.fixed32(), bytes);
            case HeadRecords.MARK -> mark(bytes);
            case HeadRecords.SAMPLES -> {
                int ref = bytes.fixed32();
                Integer series = refs.get(ref);
                if (series == null) {
                    throw bytes.corrupt("reference " + ref + " is used before its labels in " + generation);
                }
                HeadRecords.samples(bytes, scratch);
                head.append(series, scratch, 0, scratch.size());
            }
            default -> throw unknown(record, bytes);
        }
    }

    private void mark(RecordBytes bytes) {
        long value = bytes.fixed64();
        head.mark(bytes.text(), value);
        bytes.expectEnd();
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
