package io.firn.bench;

import io.firn.bench.SideBySide.Contender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Reads a Kafka log file of uncompressed batches of 16 KiB, the checksum of every batch verified.
 *
 * @param file the log file
 * @param values what it holds
 * @param fetched whether to read stretches of 1 MiB into memory first, as a consumer's fetch does, instead of batch by
 *     batch from the file
 */
record KafkaLogRead(Path file, ReadValues values, boolean fetched) implements Contender {
    private static final int BATCH_BYTES = 16 << 10;
    private static final int FETCH_BYTES = 1 << 20;

    /** Writes the log file. */
    static void fill(Path file, ReadValues values) throws IOException {
        ByteBuffer value = values.newValue(ByteOrder.BIG_ENDIAN);
        byte[] copy = new byte[values.size()];
        try (FileRecords log = FileRecords.open(file.toFile())) {
            long next = 0;
            while (next < values.count()) {
                try (MemoryRecordsBuilder batch = MemoryRecords.builder(
                        ByteBuffer.allocate(BATCH_BYTES), Compression.NONE, TimestampType.CREATE_TIME, next)) {
                    do {
                        ReadValues.number(value, next);
                        value.get(0, copy);
                        batch.append(next, null, copy);
                        next++;
                    } while (next < values.count()
                            && batch.hasRoomFor(next, (byte[]) null, copy, Record.EMPTY_HEADERS));
                    log.append(batch.build());
                }
            }
            log.flush();
        }
    }

    @Override
    public String name() {
        return fetched ? "kafka MemoryRecords, fetched" : "kafka FileRecords";
    }

    @Override
    public long run(Path directory) throws IOException {
        Tally tally = new Tally();
        long nanos;
        if (fetched) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                ByteBuffer buffer = ByteBuffer.allocate(FETCH_BYTES);
                long start = System.nanoTime();
                fetch(channel, buffer, tally);
                nanos = System.nanoTime() - start;
            }
        } else {
            try (FileRecords log = FileRecords.open(file.toFile(), false)) {
                long start = System.nanoTime();
                for (RecordBatch batch : log.batches()) {
                    tally.add(batch);
                }
                nanos = System.nanoTime() - start;
            }
        }
        values.check(name(), tally.found, tally.sum);
        return nanos;
    }

    private static void fetch(FileChannel channel, ByteBuffer buffer, Tally tally) throws IOException {
        long at = 0;
        while (at < channel.size()) {
            channel.read(buffer.clear(), at);
            int valid = 0;
            for (MutableRecordBatch batch :
                    MemoryRecords.readableRecords(buffer.flip()).batches()) {
                tally.add(batch);
                valid += batch.sizeInBytes();
            }
            at += valid;
        }
    }

    /** What was read. */
    private static final class Tally {
        private long found;
        private long sum;

        private void add(RecordBatch batch) {
            batch.ensureValid();
            for (Record each : batch) {
                ByteBuffer value = each.value();
                sum += value.getLong(value.position()) + value.getLong(value.limit() - Long.BYTES);
                found++;
            }
        }
    }
}
