package io.firn.series;

import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.table.PartitionInfo;
import io.firn.table.Table;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The writing side of table {@code chunks}: the records of one block after the other, each a partition of its own.
 * Guarded by the store's structure lock.
 */
final class BlockTable implements AutoCloseable {
    /** Name of the one writer. */
    static final String WRITER = "blocks";
    /** The field of the table's partitions. */
    static final String BLOCK = "block";
    /** How the table is partitioned. */
    static final PartitionScheme SCHEME =
            PartitionScheme.builder().addInt(BLOCK).build();

    private final Table table;
    private final TableWriter writer;
    private PartitionValues partition = PartitionValues.of(SCHEME, 0L);
    private long encodedBytes;
    /** The first chunk records of the present block, as long as they are within their bytes. */
    private List<byte[]> written = new ArrayList<>();

    private long writtenLeft;
    private long writtenMax;
    private volatile boolean failed;

    private BlockTable(Table table, TableWriter writer) {
        this.table = table;
        this.writer = writer;
    }

    static BlockTable open(Table table, boolean takeOver) {
        return new BlockTable(
                table,
                table.writer(WriterOptions.named(WRITER)
                        .partitionsGiven(SCHEME)
                        .takeOver(takeOver)
                        .build()));
    }

    /** The numbers of the blocks of a table that are compressed. */
    static Set<Long> cold(Table chunks) {
        Set<Long> cold = new HashSet<>();
        for (PartitionInfo partition : chunks.contents().partitions()) {
            if (partition.coldSegments() > 0 && partition.hotSegments() == 0) {
                cold.add(Objects.requireNonNull(partition.values().getInt(BLOCK)));
            }
        }
        return cold;
    }

    /** Whether something failed, so that nothing can be written before {@link #rollback}. */
    boolean hasFailed() {
        return failed;
    }

    /** The block that is being written came to nothing. */
    void fail() {
        failed = true;
    }

    /** Bytes of a block's first chunk records that {@link #takeWritten} gives. */
    void keepWritten(long bytes) {
        writtenMax = bytes;
    }

    /** Begins a block; what follows belongs to it. A cache has no use for the records of groups. */
    void begin(long block, BlockEncoding encoding) {
        partition = PartitionValues.of(SCHEME, block);
        encodedBytes = 0;
        written = new ArrayList<>();
        writtenLeft = encoding == BlockEncoding.CHUNKS ? writtenMax : 0;
    }

    /** The first chunk records of the block that was written last, once. */
    List<byte[]> takeWritten() {
        List<byte[]> taken = written;
        written = new ArrayList<>();
        return taken;
    }

    /** Bytes of the block so far. */
    long encodedBytes() {
        return encodedBytes;
    }

    long nextSequence() {
        return writer.nextSequence();
    }

    long nowMs() {
        return table.environment().clock().millis();
    }

    void append(int type, RecordSink value) {
        writer.append(TimeUnit.MILLISECONDS.toNanos(nowMs()), type, value.toBuffer(), partition);
        encodedBytes += value.size();
        if (type == BlockRecords.CHUNKS) {
            writtenLeft -= value.size();
            if (writtenLeft >= 0) {
                written.add(value.toBytes());
            }
        }
    }

    /** Makes the block durable and ends its segment, so that the partition can be dropped. */
    void end() {
        writer.roll();
        writer.commit();
    }

    /** Drops what is not committed. */
    void rollback() {
        failed = true;
        writer.rollback();
        failed = false;
    }

    @Override
    public void close() {
        writer.close();
    }
}
