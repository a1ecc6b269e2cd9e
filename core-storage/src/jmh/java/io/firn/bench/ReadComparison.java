package io.firn.bench;

import io.firn.bench.SideBySide.Contender;
import io.firn.partition.PartitionScheme;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Sequential read of sealed hot segments through {@link TableReader}, every checksum verified, beside Chronicle Queue's
 * tailer (which has no checksums) and Kafka's log files. All files are in the page cache; opening the reader, the queue
 * or the file is outside the clock, opening segments inside. Everybody reads the first and the last long of each value.
 *
 * <p>Arguments: rounds, MiB of values, sizes of a value.
 */
public final class ReadComparison {
    private ReadComparison() {}

    /** Runs the comparison. */
    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
        long bytes = (arguments.length > 1 ? Long.parseLong(arguments[1]) : 256) << 20;
        int[] sizes = arguments.length > 2
                ? Arrays.stream(arguments).skip(2).mapToInt(Integer::parseInt).toArray()
                : new int[] {64, 256, 1024};
        for (int size : sizes) {
            compare(rounds, new ReadValues(size, bytes / size));
        }
    }

    private static void compare(int rounds, ReadValues values) throws IOException {
        Path directory = Files.createTempDirectory("firn-bench-read");
        try (Table table = firnTable(directory.resolve("t"), values);
                Table oneCore = Table.open(
                        directory.resolve("t"), TableEnvironment.system().withReadAheadBytes(0))) {
            Path queue = directory.resolve("q");
            fillQueue(queue, values);
            Path log = directory.resolve("log");
            KafkaLogRead.fill(log, values);
            Map<String, Double> medians = new SideBySide(rounds, false)
                    .run(
                            "read " + values.size() + " B, " + values.count() + " records",
                            values.count(),
                            List.of(
                                    new Firn("firn TableReader", table, values),
                                    new Firn("firn TableReader, one core", oneCore, values),
                                    new ReadBytes(queue, values),
                                    new ReadingDocument(queue, values),
                                    new KafkaLogRead(log, values, false),
                                    new KafkaLogRead(log, values, true)));
            double firn = Objects.requireNonNull(medians.get("firn TableReader"));
            medians.forEach((name, rate) -> System.out.printf("  firn / %-34s %.2f%n", name, firn / rate));
        } finally {
            SideBySide.delete(directory);
        }
    }

    private static Table firnTable(Path directory, ReadValues values) {
        Table table = Table.create(directory, PartitionScheme.unpartitioned(), TableConfig.defaults());
        ByteBuffer value = values.newValue(ByteOrder.BIG_ENDIAN);
        try (TableWriter writer = table.writer(WriterOptions.named("main").build())) {
            for (long i = 0; i < values.count(); i++) {
                ReadValues.number(value, i);
                writer.append(i, 1, value);
            }
            writer.finish();
        }
        return table;
    }

    private static void fillQueue(Path directory, ReadValues values) {
        ByteBuffer value = values.newValue(ByteOrder.nativeOrder());
        byte[] copy = new byte[values.size()];
        Bytes<?> bytes = Bytes.allocateElasticDirect(values.size());
        try (ChronicleQueue queue = ChronicleQueue.single(directory.toString());
                ExcerptAppender appender = queue.createAppender()) {
            for (long i = 0; i < values.count(); i++) {
                ReadValues.number(value, i);
                value.get(0, copy);
                appender.writeBytes(bytes.clear().write(copy));
            }
            appender.sync();
        }
        bytes.releaseLast();
    }

    private record Firn(String name, Table table, ReadValues values) implements Contender {
        @Override
        public long run(Path directory) {
            try (TableReader reader = table.reader(ScanOptions.ALL)) {
                long start = System.nanoTime();
                long found = 0;
                long sum = 0;
                while (reader.next()) {
                    ByteBuffer value = Objects.requireNonNull(reader.record().value());
                    sum += value.getLong(value.position()) + value.getLong(value.limit() - Long.BYTES);
                    found++;
                }
                long nanos = System.nanoTime() - start;
                values.check(name(), found, sum);
                return nanos;
            }
        }
    }

    /** The tailer that copies each excerpt into the caller's memory. */
    private record ReadBytes(Path file, ReadValues values) implements Contender {
        @Override
        public String name() {
            return "chronicle tailer, readBytes";
        }

        @Override
        public long run(Path directory) {
            Bytes<?> read = Bytes.allocateElasticDirect(values.size());
            try (ChronicleQueue queue = ChronicleQueue.single(file.toString());
                    ExcerptTailer tailer = queue.createTailer()) {
                long start = System.nanoTime();
                long found = 0;
                long sum = 0;
                while (tailer.readBytes(read.clear())) {
                    sum += read.readLong(0) + read.readLong(read.readLimit() - Long.BYTES);
                    found++;
                }
                long nanos = System.nanoTime() - start;
                values.check(name(), found, sum);
                return nanos;
            } finally {
                read.releaseLast();
            }
        }
    }

    /** The tailer that shows each excerpt in the mapped file. */
    private record ReadingDocument(Path file, ReadValues values) implements Contender {
        @Override
        public String name() {
            return "chronicle tailer, readingDocument";
        }

        @Override
        public long run(Path directory) {
            try (ChronicleQueue queue = ChronicleQueue.single(file.toString());
                    ExcerptTailer tailer = queue.createTailer()) {
                long start = System.nanoTime();
                long found = 0;
                long sum = 0;
                while (true) {
                    try (DocumentContext document = tailer.readingDocument()) {
                        if (!document.isPresent()) {
                            break;
                        }
                        Bytes<?> value = Objects.requireNonNull(document.wire()).bytes();
                        sum += value.readLong(value.readPosition()) + value.readLong(value.readLimit() - Long.BYTES);
                        found++;
                    }
                }
                long nanos = System.nanoTime() - start;
                values.check(name(), found, sum);
                return nanos;
            }
        }
    }
}
