package io.firn.lifecycle;

import io.firn.log.PendingCommit;
import io.firn.log.PendingCommit.RetiredAttempt;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.AttemptWriter;
import io.firn.table.CompressionPolicy;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.ZippedDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The whole table that is checked in for every version of the format: metadata, logs of writers and attempts, a catalog
 * with removals and expired records, markers, access logs, hot and cold segments, and a commit that a checkpoint holds.
 * {@code main <directory>} makes it; never run again for a version that was released.
 */
final class TableFixture {
    static final String TABLE = "table-v1.zip";
    /** The same table with the page {@code pos} of its catalog, which the other ones were made without. */
    static final String PUBLISHED = "table-v1-published.zip";
    /** The same table after the records of {@code p1} were erased. */
    static final String ERASED = "table-v1-erased.zip";

    /** A table of a sink whose second job went back to a checkpoint of the first; {@link SinkFixture} makes it. */
    static final String SINK = "table-v1-sink.zip";

    static final String PENDING = "pending-commit-v1.bin";
    static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");

    static final TableConfig CONFIG = TableConfig.builder()
            .segmentSizeBytes(64 << 10)
            .indexStride(16)
            .compressionPolicy(new CompressionPolicy.AgeAfter(Duration.ofDays(3)))
            .compressionLevel(5)
            .compressionBlockSizeBytes(256 << 10)
            .trackAccess(true)
            .partitionFields(MAPPING)
            .build();

    static final int RECORDS = 60;
    static final int EXPIRED = 10;
    static final int GAP_FROM = 30;
    static final int GAP_TO = 35;

    private TableFixture() {}

    /** The value under a sequence of a writer. */
    static String value(String writer, long sequence) {
        return writer + " " + sequence;
    }

    /** The partition of a sequence. */
    static String key(long sequence) {
        return "p" + sequence % 3;
    }

    /** Whether a record of the first writer is there: not in the gap, and not dropped with the first 30 of p0. */
    static boolean isLeft(long sequence) {
        boolean dropped = sequence < GAP_FROM && sequence % 3 == 0;
        return !dropped && (sequence < GAP_FROM || sequence >= GAP_TO);
    }

    /** Unpacks a table below a directory. */
    static Path unpack(String archive, Path directory) throws IOException {
        try (InputStream zip = resource(archive)) {
            return ZippedDirectory.unpack(zip, directory.resolve("table"));
        }
    }

    static InputStream resource(String name) throws IOException {
        InputStream in = TableFixture.class.getResourceAsStream("/format/" + name);
        if (in == null) {
            throw new IOException("/format/" + name + " is not on the class path");
        }
        return in;
    }

    /** Makes the table in {@code <directory>/table}, and both checked-in files beside it. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        Path path = directory.resolve("table");
        try (Table table = Table.create(path, MAPPING.scheme(), CONFIG)) {
            WriterOptions options = WriterOptions.named("flights-0")
                    .properties(Map.of("topic", "flights"))
                    .mapping(MAPPING)
                    .build();
            try (TableWriter writer = table.writer(options)) {
                write(writer, 0, GAP_FROM);
            }
            run(table, LifecycleRequest.compressAll());
            run(table, LifecycleRequest.drop(PartitionFilter.exact("k", "p0")));
            try (TableWriter writer = table.writer(options)) {
                writer.recordGap(GAP_FROM, GAP_TO);
                write(writer, GAP_TO, RECORDS);
            }
            Files.write(directory.resolve(PENDING), attempts(table));
            try (TableReader reader = table.reader(ScanOptions.ALL)) {
                while (reader.next()) {
                    reader.record();
                }
            }
        }
        ZippedDirectory.pack(path, directory.resolve(PUBLISHED));
        try (Table table = Table.open(path)) {
            RecordKeys keys = RecordKeys.of(List.of(key(1).getBytes(StandardCharsets.UTF_8)));
            run(table, LifecycleRequest.erase(Erasure.of(keys)));
        }
        ZippedDirectory.pack(path, directory.resolve(ERASED));
    }

    private static void write(TableWriter writer, long from, long to) {
        for (long sequence = from; sequence < to; sequence++) {
            writer.append(sequence, record(writer.name(), sequence));
        }
        writer.commit();
    }

    private static StreamRecord record(String writer, long sequence) {
        return StreamRecord.atMillis(978_310_800_000L + sequence)
                .key(key(sequence).getBytes(StandardCharsets.UTF_8))
                .value(value(writer, sequence).getBytes(StandardCharsets.UTF_8))
                .build();
    }

    /** One attempt is committed and retired; the second one's commit stands in a checkpoint. */
    private static byte[] attempts(Table table) {
        try (AttemptWriter first = attempt(table, "attempt-1");
                AttemptWriter second = attempt(table, "attempt-2")) {
            first.append(record("attempt-1", 0));
            table.commit(first.prepare(List.of()));
            second.append(record("attempt-2", 0));
            PendingCommit pending = second.prepare(List.of(new RetiredAttempt("attempt-1", first.lastPrepared())));
            return pending.toBytes();
        }
    }

    private static AttemptWriter attempt(Table table, String name) {
        return table.attempt(WriterOptions.named(name).mapping(MAPPING).build());
    }

    private static void run(Table table, LifecycleRequest request) {
        try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            LifecycleStats stats = manager.run(request);
            if (!stats.errors().isEmpty()) {
                throw new IllegalStateException(stats.toString());
            }
        }
    }
}
