package io.firn.series;

import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import io.firn.table.Table;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.util.BitSet;

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

    private final Table table;
    private final TableWriter writer;
    private final RecordSink sink = new RecordSink(32 << 10);
    /** The series that the present generation describes. */
    private final BitSet described = new BitSet();

    private volatile long generation;
    private PartitionValues partition = PartitionValues.of(SCHEME, 0L);
    private volatile boolean failed;

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

    /** Appends samples of one series, in records of bounded size. */
    void appendSamples(int ref, SampleArrays samples, int from, int to) {
        for (int start = from; start < to; start += HeadRecords.MAX_SAMPLES) {
            int end = Math.min(to, start + HeadRecords.MAX_SAMPLES);
            append(HeadRecords.SAMPLES, HeadRecords.samples(sink, ref, samples, start, end));
        }
    }

    /** Appends a number that the writer keeps with its samples. */
    void appendMark(String name, long value) {
        append(HeadRecords.MARK, HeadRecords.mark(sink, name, value));
    }

    private void append(int type, byte[] value) {
        long nowMs = table.environment().clock().millis();
        StreamRecord record =
                StreamRecord.atMillis(nowMs).typeId(type).value(value).build();
        attempt(() -> writer.append(record, partition));
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

    /** Drops what is not committed and goes on in the next generation. */
    void rollback() {
        failed = true;
        writer.rollback();
        failed = false;
        begin(generation + 1);
    }

    @Override
    public void close() {
        writer.close();
    }
}
