package io.firn.bench;

import io.firn.bench.SideBySide.Contender;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionScheme;
import io.firn.record.StreamRecord;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Append through {@link TableWriter}, with checksums and rolls inside the clock, beside Chronicle Queue and beside a
 * bare loop over a mapping that writes its zeros inside the clock. Nobody forces. Arguments: rounds, MiB per run.
 */
public final class AppendComparison {
    private static final int SEGMENT_BYTES = 64 << 20;
    private static final int FRAME_OVERHEAD = 24;

    private AppendComparison() {}

    /** Runs the comparison. */
    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
        long bytes = (arguments.length > 1 ? Long.parseLong(arguments[1]) : 256) << 20;
        for (int size : new int[] {64, 256, 1024}) {
            long records = bytes / size;
            byte[] payload = new byte[size];
            new Random(1).nextBytes(payload);
            Map<String, Double> medians = new SideBySide(rounds, true)
                    .run("append " + size + " B, " + records + " records", records, List.of(
                            new BareLoop(payload, records),
                            new FirnMapped(payload, records),
                            new Firn(payload, records),
                            new Chronicle(payload, records, false),
                            new Chronicle(payload, records, true)));
            double firn = medians.get("firn TableWriter");
            System.out.printf(
                    "  firn / chronicle %.2f (writeBytes) %.2f (writingDocument)   firn / bare loop %.2f%n",
                    firn / medians.get("chronicle queue, writeBytes"),
                    firn / medians.get("chronicle queue, writingDocument"),
                    firn / medians.get("bare mapped loop"));
        }
    }

    private record Firn(byte[] payload, long records) implements Contender {
        @Override
        public String name() {
            return "firn TableWriter";
        }

        @Override
        public long run(Path directory) {
            Table table =
                    Table.create(directory.resolve("t"), PartitionScheme.unpartitioned(), TableConfig.defaults());
            ByteBuffer value = ByteBuffer.allocateDirect(payload.length).put(payload).flip();
            long start = System.nanoTime();
            try (TableWriter writer = table.writer(WriterOptions.named("main").build())) {
                for (long i = 0; i < records; i++) {
                    writer.append(i, 1, value);
                }
            }
            return System.nanoTime() - start;
        }
    }

    private record FirnMapped(byte[] payload, long records) implements Contender {
        private static final PartitionMapping MAPPING =
                PartitionMapping.parse("dt:date=timestamp,k:string=key");

        @Override
        public String name() {
            return "firn, partitioned by two fields";
        }

        @Override
        public long run(Path directory) {
            Table table = Table.create(directory.resolve("t"), MAPPING.scheme(), TableConfig.defaults());
            byte[][] keys = new byte[16][];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = new byte[] {'k', (byte) ('a' + i)};
            }
            long start = System.nanoTime();
            try (TableWriter writer = table.writer(
                    WriterOptions.named("main").mapping(MAPPING).build())) {
                for (long i = 0; i < records; i++) {
                    writer.append(StreamRecord.atMillis(i)
                            .key(keys[(int) (i & 15)])
                            .value(payload)
                            .build());
                }
            }
            return System.nanoTime() - start;
        }
    }

    private record Chronicle(byte[] payload, long records, boolean documents) implements Contender {
        @Override
        public String name() {
            return documents ? "chronicle queue, writingDocument" : "chronicle queue, writeBytes";
        }

        @Override
        public long run(Path directory) {
            Bytes<?> bytes = Bytes.allocateElasticDirect(payload.length);
            bytes.write(payload);
            long start = System.nanoTime();
            try (ChronicleQueue queue = ChronicleQueue.single(directory.resolve("q").toString());
                    ExcerptAppender appender = queue.createAppender()) {
                for (long i = 0; i < records; i++) {
                    bytes.readPosition(0);
                    append(appender, bytes);
                }
            }
            return System.nanoTime() - start;
        }

        private void append(ExcerptAppender appender, Bytes<?> bytes) {
            if (!documents) {
                appender.writeBytes(bytes);
                return;
            }
            try (DocumentContext document = appender.writingDocument()) {
                document.wire().bytes().write(payload);
            }
        }

        @Override
        public void check(Path directory) {
            Bytes<?> read = Bytes.allocateElasticDirect(payload.length);
            long found = 0;
            try (ChronicleQueue queue = ChronicleQueue.single(directory.resolve("q").toString())) {
                ExcerptTailer tailer = queue.createTailer();
                while (tailer.readBytes(read.clear())) {
                    found += read.readRemaining();
                }
            }
            if (found != records * payload.length) {
                throw new IllegalStateException("chronicle holds " + found + " bytes");
            }
        }
    }

    private record BareLoop(byte[] payload, long records) implements Contender {
        @Override
        public String name() {
            return "bare mapped loop";
        }

        @Override
        public long run(Path directory) throws IOException {
            int frame = FRAME_OVERHEAD + payload.length;
            int perFile = SEGMENT_BYTES / frame;
            ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
            long start = System.nanoTime();
            long left = records;
            for (int file = 0; left > 0; file++) {
                try (FileChannel channel = FileChannel.open(
                        directory.resolve("f" + file),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
                    for (long at = 0; at < SEGMENT_BYTES; at += zeros.capacity()) {
                        channel.write(zeros.clear(), at);
                    }
                    MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, SEGMENT_BYTES);
                    map.order(ByteOrder.LITTLE_ENDIAN);
                    long now = Math.min(left, perFile);
                    fill(map, frame, now);
                    left -= now;
                }
            }
            return System.nanoTime() - start;
        }

        private void fill(MappedByteBuffer map, int frame, long count) {
            int at = 0;
            for (long i = 0; i < count; i++) {
                map.putLong(at + 8, i);
                map.putLong(at + 16, i);
                map.put(at + FRAME_OVERHEAD, payload, 0, payload.length);
                map.putInt(at, frame);
                at += frame;
            }
        }
    }
}
