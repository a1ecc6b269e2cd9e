package io.firn.examples.embed;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Start {@code tail <directory> <count>} in one terminal and {@code write <directory> <count>} in another; {@code query
 * <directory> <minutes>} counts the readings of the first minutes.
 */
public final class EmbedExample {
    private static final PartitionMapping BY_DAY = PartitionMapping.parse("dt:date=timestamp");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private EmbedExample() {}

    /** Runs the command. */
    public static void main(String[] args) {
        int count = Integer.parseInt(args[2]);
        try (Table table = Table.openOrCreate(Path.of(args[1]), BY_DAY.scheme(), TableConfig.defaults())) {
            switch (args[0]) {
                case "write" -> write(table, count);
                case "tail" -> tail(table, count);
                case "query" -> System.out.println(count(table, START, START.plus(Duration.ofMinutes(count))));
                default -> throw new IllegalArgumentException("write, tail or query, not " + args[0]);
            }
        }
    }

    /** Appends one reading a minute; a commit makes what was appended durable and visible, all days at once. */
    static void write(Table table, int count) {
        try (TableWriter writer =
                table.writer(WriterOptions.named("main").mapping(BY_DAY).build())) {
            for (int i = 0; i < count; i++) {
                byte[] value = ("reading " + writer.nextSequence()).getBytes(UTF_8);
                Instant time = START.plus(Duration.ofMinutes(writer.nextSequence()));
                writer.append(
                        StreamRecord.atMillis(time.toEpochMilli()).value(value).build());
            }
            writer.commit();
        }
    }

    /** Follows commits of all writers, also of other processes, until it has seen so many records. */
    static void tail(Table table, int count) {
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            System.out.println("tailing");
            for (int seen = 0; seen < count; ) {
                if (reader.next()) {
                    seen++;
                    ByteBuffer value = Objects.requireNonNull(reader.record().value());
                    System.out.println(reader.partitionPath() + " " + UTF_8.decode(value));
                } else if (!reader.refresh()) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                }
            }
        }
    }

    /** Counts the readings of a time range; partitions and segments outside of it are not opened. */
    static int count(Table table, Instant from, Instant to) {
        ScanOptions range = ScanOptions.builder()
                .fromNs(TimeUnit.MILLISECONDS.toNanos(from.toEpochMilli()))
                .toNs(TimeUnit.MILLISECONDS.toNanos(to.toEpochMilli()))
                .build();
        int found = 0;
        try (TableReader reader = table.reader(range)) {
            while (reader.next()) {
                found++;
            }
        }
        return found;
    }
}
