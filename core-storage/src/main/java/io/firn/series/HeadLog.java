package io.firn.series;

import io.firn.error.WriterFencedException;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.table.Table;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.util.BitSet;
import java.util.PrimitiveIterator;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The writing side of table {@code samples}: batches of the head, generation after generation.
 *
 * <p>A generation is a partition, and describes every series that it uses. Guarded by the store's lock for writers.
 */
final class HeadLog implements AutoCloseable {
    /** Name of the one writer. */
    static final String WRITER = "head";
    /** The field of the table's partitions. */
    static final String GENERATION = "generation";
    /** How the table is partitioned. */
    static final PartitionScheme SCHEME =
            PartitionScheme.builder().addInt(GENERATION).build();

    /** A record of its own for so few samples would be mostly frame. */
    private static final int MAX_POINTS_OF_SERIES = 16;

    private final Table table;
    private final TableWriter writer;
    private final RecordSink sink = new RecordSink(32 << 10);
    /** Points of the batch that is being written, which no record holds yet. */
    private final PointRun points = new PointRun();
    /** The series that the present generation describes. */
    private final BitSet described = new BitSet();

    private volatile long generation;
    private PartitionValues partition = PartitionValues.of(SCHEME, 0L);
    private volatile boolean failed;
    private boolean rollbackFailed;
    private LongConsumer begun = begunGeneration -> {};

    private HeadLog(Table table, TableWriter writer) {
        this.table = table;
        this.writer = writer;
    }

    static HeadLog open(Table table, boolean takeOver) {
        return new HeadLog(
                table,
                table.writer(WriterOptions.named(WRITER)
                        .partitionsGiven(SCHEME)
                        .takeOver(takeOver)
                        .build()));
    }

    /** Lets somebody know of each generation that begins. */
    void onBegin(LongConsumer listener) {
        begun = listener;
    }

    long generation() {
        return generation;
    }

    /** Whether something failed, so that nothing can be written before {@link #rollback}; from any thread. */
    boolean hasFailed() {
        return failed;
    }

    /** The next sequence that is not committed. */
    long position() {
        return writer.position();
    }

    /** The next sequence. */
    long nextSequence() {
        return writer.nextSequence();
    }

    /** Goes on in a generation of which nothing is written yet. */
    void begin(long newGeneration) {
        generation = newGeneration;
        partition = PartitionValues.of(SCHEME, newGeneration);
        described.clear();
        begun.accept(newGeneration);
    }

    /** Makes the present generation durable and ends its segment, so that the partition can be dropped. */
    void end() {
        attempt(() -> {
            writer.roll();
            writer.commit();
        });
        begin(generation + 1);
    }

    boolean describes(int ref) {
        return described.get(ref);
    }

    /** Appends what a reference means. */
    void appendSeries(int ref, SeriesType type, Labels labels) {
        append(HeadRecords.SERIES, HeadRecords.series(sink, ref, type, labels));
        described.set(ref);
    }

    /** Appends samples of one series, in records of bounded size; few of them with those of other series. */
    void appendSamples(int ref, SampleArrays samples, int from, int to) {
        if (to - from <= MAX_POINTS_OF_SERIES) {
            appendPoints(ref, samples, from, to);
            return;
        }
        endBatch();
        for (int start = from; start < to; start += HeadRecords.MAX_SAMPLES) {
            int end = Math.min(to, start + HeadRecords.MAX_SAMPLES);
            if (end - start > 1 && samples.isStride(start, end)) {
                append(HeadRecords.STRIDE, HeadRecords.stride(sink, ref, samples, start, end));
            } else {
                append(HeadRecords.SAMPLES, HeadRecords.samples(sink, ref, samples, start, end));
            }
        }
    }

    private void appendPoints(int ref, SampleArrays samples, int from, int to) {
        for (int i = from; i < to; i++) {
            if (points.isFull()) {
                endBatch();
            }
            points.add(ref, samples.timestamp(i), samples.value(i));
        }
    }

    /** Appends what waits for more of its kind; nothing of a batch is missing from the log then. */
    void endBatch() {
        if (points.size() > 0) {
            append(HeadRecords.POINTS, HeadRecords.points(sink, points));
            points.clear();
        }
    }

    /** Appends a number that the writer keeps with its samples. */
    void appendMark(String name, long value) {
        append(HeadRecords.MARK, HeadRecords.mark(sink, name, value));
    }

    /**
     * Appends what a head has and no commit has.
     *
     * @param committed the position of the commit that was the last one when it was put into the head
     * @return how many samples
     */
    long appendAgain(Head head, long committed) {
        SampleArrays samples = new SampleArrays();
        PrimitiveIterator.OfInt refs = head.uncommitted().series(committed);
        long count = 0;
        while (refs.hasNext()) {
            int ref = refs.nextInt();
            int from = head.uncommitted().committed(ref);
            head.copy(ref, samples.clear());
            appendSeries(ref, head.type(ref), head.index().labels(ref));
            appendSamples(ref, samples, from, samples.size());
            count += samples.size() - from;
        }
        endBatch();
        head.marks().forEach(this::appendMark);
        return count;
    }

    private void append(int type, RecordSink value) {
        long nowNs = TimeUnit.MILLISECONDS.toNanos(table.environment().clock().millis());
        attempt(() -> writer.append(nowNs, type, value.toBuffer(), partition));
    }

    private void attempt(Runnable step) {
        boolean done = false;
        try {
            step.run();
            done = true;
        } finally {
            failed |= !done;
        }
    }

    /** Makes everything appended so far durable. */
    void commit() {
        attempt(writer::commit);
    }

    /**
     * Looks whether another process took over, which a rollback would fence off in turn.
     *
     * @throws WriterFencedException when one did
     */
    void checkOwner() {
        if (!rollbackFailed && writer.isFenced()) {
            throw new WriterFencedException("Another process has opened " + table.path() + " for writing");
        }
    }

    /**
     * Drops what is not committed and goes on in the next generation.
     *
     * @throws WriterFencedException when another process took over
     */
    void rollback() {
        checkOwner();
        failed = true;
        rollbackFailed = true;
        points.clear();
        writer.rollback();
        rollbackFailed = false;
        failed = false;
        begin(generation + 1);
    }

    @Override
    public void close() {
        writer.close();
    }
}
