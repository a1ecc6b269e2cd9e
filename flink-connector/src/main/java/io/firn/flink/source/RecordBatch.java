package io.firn.flink.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Elements of one split on their way from the thread that reads to the task: arrays that are filled again when the task
 * is through, so that nothing but the elements is allocated for a record.
 *
 * <p>Used by one thread at a time; the reader's queue publishes it.
 *
 * @param <T> type of the elements
 */
final class RecordBatch<T> implements RecordsWithSplitIds<RecordBatch<T>>, Collector<T> {
    private final Consumer<RecordBatch<T>> recycler;
    private final List<T> elements = new ArrayList<>();
    /** Behind the last element of each record. */
    private final int[] elementEnds;

    private final long[] timestampsMs;
    /** Where a reader goes on behind each record. */
    private final long[] nextSequences;

    private int records;
    private int current = -1;
    private @Nullable String split;
    private boolean handedOut;
    private Set<String> finished = Set.of();

    RecordBatch(int maxRecords, Consumer<RecordBatch<T>> recycler) {
        this.recycler = recycler;
        this.elementEnds = new int[maxRecords];
        this.timestampsMs = new long[maxRecords];
        this.nextSequences = new long[maxRecords];
    }

    /** Starts to fill it with records of a split. */
    void begin(String splitId) {
        split = splitId;
    }

    @Override
    public void collect(T element) {
        elements.add(element);
    }

    @Override
    public void close() {
        // a collector's; there is nothing to close
    }

    /** Ends a record, whose elements were collected. */
    void endRecord(long timestampMs, long nextSequence) {
        elementEnds[records] = elements.size();
        timestampsMs[records] = timestampMs;
        nextSequences[records] = nextSequence;
        records++;
    }

    /** Notes that nothing else of interest comes before a sequence. */
    void advanceTo(long nextSequence) {
        if (records == 0) {
            endRecord(TimestampAssigner.NO_TIMESTAMP, nextSequence);
        } else {
            nextSequences[records - 1] = nextSequence;
        }
    }

    /** Notes that the split is read to its end. */
    void finish() {
        if (split != null) {
            finished = Set.of(split);
        }
    }

    int records() {
        return records;
    }

    boolean isEmpty() {
        return records == 0 && finished.isEmpty();
    }

    /** Emits the elements of the present record. */
    void emit(SourceOutput<T> output) {
        long timestampMs = timestampsMs[current];
        for (int i = current == 0 ? 0 : elementEnds[current - 1]; i < elementEnds[current]; i++) {
            if (timestampMs == TimestampAssigner.NO_TIMESTAMP) {
                output.collect(elements.get(i));
            } else {
                output.collect(elements.get(i), timestampMs);
            }
        }
    }

    /** Where a reader goes on behind the present record. */
    long nextSequence() {
        return nextSequences[current];
    }

    @Override
    public @Nullable String nextSplit() {
        if (handedOut || records == 0) {
            return null;
        }
        handedOut = true;
        return split;
    }

    @Override
    public @Nullable RecordBatch<T> nextRecordFromSplit() {
        if (current + 1 >= records) {
            return null;
        }
        current++;
        return this;
    }

    @Override
    public Set<String> finishedSplits() {
        return finished;
    }

    /** The thread that reads asks for finished splits even now: they stay until it calls {@link #reset}. */
    @Override
    public void recycle() {
        elements.clear();
        recycler.accept(this);
    }

    /** Makes it ready to be filled again. */
    void reset() {
        records = 0;
        current = -1;
        split = null;
        handedOut = false;
        finished = Set.of();
    }

    @Override
    public String toString() {
        return "RecordBatch[split=" + split + ", records=" + records + ", next="
                + Arrays.stream(nextSequences, 0, records).max().orElse(0) + "]";
    }
}
