package io.firn.lifecycle;

import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableContents;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes records of many partitions in random order through several writers, compresses everything, reads it back and
 * prints what came out; runs in a JVM of its own with a small heap.
 */
public final class ManyPartitions {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final int RECORDS_PER_COMMIT = 10_000;

    private ManyPartitions() {}

    /** Arguments: table directory, writers, records, partitions, bytes that are added to each value. */
    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        int writers = Integer.parseInt(arguments[1]);
        int records = Integer.parseInt(arguments[2]);
        int partitions = Integer.parseInt(arguments[3]);
        String padding = " ".repeat(Integer.parseInt(arguments[4]));
        try (Table table = Table.create(directory, MAPPING.scheme(), TableConfig.defaults());
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            write(table, writers, records, partitions, padding);
            LifecycleStats stats = manager.run(LifecycleRequest.compressAll());
            TableContents contents = table.contents();
            System.out.println("errors=" + stats.errors());
            System.out.println("settled=" + stats.settledRecords());
            System.out.println("partitions=" + contents.partitions().size());
            System.out.println("cold=" + contents.segments().size());
            System.out.println("hot=" + contents.hot().segments());
            long startNs = System.nanoTime();
            System.out.println("read=" + countInOrder(table));
            System.out.println("readMs=" + (System.nanoTime() - startNs) / 1_000_000);
            System.out.println("durationMs=" + stats.durationMs());
        }
    }

    private static void write(Table table, int writers, int records, int partitions, String padding) {
        List<TableWriter> open = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < writers; i++) {
            open.add(table.writer(WriterOptions.named("w" + i).mapping(MAPPING).build()));
        }
        for (int i = 0; i < records; i++) {
            String key = "key-" + (i < partitions ? i : random.nextInt(partitions));
            open.get(i % writers)
                    .append(StreamRecord.atMillis(i)
                            .key(key.getBytes(StandardCharsets.UTF_8))
                            .value(("{\"record\":" + i + ",\"of\":\"" + key + "\"}" + padding)
                                    .getBytes(StandardCharsets.UTF_8))
                            .build());
            if (i % RECORDS_PER_COMMIT == 0) {
                open.forEach(TableWriter::commit);
            }
        }
        open.forEach(TableWriter::finish);
    }

    /** Reading fails by itself when a record of a writer stands twice or out of order. */
    private static long countInOrder(Table table) {
        long count = 0;
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                count++;
            }
        }
        return count;
    }
}
