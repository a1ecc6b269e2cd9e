package io.firn.examples.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;

/** The records of these examples: one reading a minute, partitioned by day. Thread-safe; no state. */
final class Readings {
    static final PartitionMapping BY_DAY = PartitionMapping.parse("dt:date=timestamp");

    private static final long START_MS = 978_307_200_000L; // 2001-01-01
    private static final long MINUTE_MS = 60_000;

    private Readings() {}

    /** Appends so many, behind those that are there, and commits them. */
    static void append(Table table, int count) {
        try (TableWriter writer =
                table.writer(WriterOptions.named("main").mapping(BY_DAY).build())) {
            for (int i = 0; i < count; i++) {
                long number = writer.nextSequence();
                writer.append(StreamRecord.atMillis(START_MS + number * MINUTE_MS)
                        .value(("reading " + number).getBytes(UTF_8))
                        .build());
            }
            writer.finish();
        }
    }

    static int count(Table table) {
        int records = 0;
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                records++;
            }
        }
        return records;
    }

    static long coldFiles(Table table) {
        return table.contents().segments().stream()
                .filter(segment -> segment.cold())
                .count();
    }
}
