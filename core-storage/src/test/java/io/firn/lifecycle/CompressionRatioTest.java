package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.partition.PartitionScheme;
import io.firn.record.StreamRecord;
import io.firn.segment.SampleRecords;
import io.firn.table.PartitionInfo;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much smaller data of several kinds becomes, whole files with headers and indexes. */
class CompressionRatioTest {
    private static final int RECORDS = 50_000;
    private static final int RANDOM_BYTES = 200;

    @TempDir
    Path directory;

    @Test
    void ticksLogsAndMetricsLoseMoreThanHalfOfTheirBytes() {
        assertThat(saving("ticks", SampleRecords.ticks(RECORDS))).isGreaterThan(0.5);
        assertThat(saving("logs", SampleRecords.flightsInJson())).isGreaterThan(0.5);
        assertThat(saving("metrics", metrics())).isGreaterThan(0.5);
    }

    @Test
    void dataThatCannotBeCompressedHardlyGrows() {
        List<StreamRecord> records = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < RECORDS / 10; i++) {
            byte[] value = new byte[RANDOM_BYTES];
            random.nextBytes(value);
            records.add(StreamRecord.atNanos(random.nextLong()).value(value).build());
        }
        assertThat(saving("random", records)).isBetween(-0.02, 0.5);
    }

    /** The part of the hot bytes that is saved. */
    private double saving(String name, List<StreamRecord> records) {
        try (Table table = Table.create(directory.resolve(name), PartitionScheme.parse(""), TableConfig.defaults())) {
            try (TableWriter writer = table.writer(WriterOptions.named("main").build())) {
                records.forEach(writer::append);
                writer.finish();
            }
            try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
                assertThat(manager.run(LifecycleRequest.compressAll()).errors()).isEmpty();
            }
            PartitionInfo all = table.contents().partitions().get(0);
            assertThat(all.records()).isEqualTo(records.size());
            assertThat(all.hotSegments()).isZero();
            return 1 - (double) all.sizeBytes() / all.rawBytes();
        }
    }

    /** Lines as agents send them each second: a few hosts, values that move a little. */
    private static List<StreamRecord> metrics() {
        List<StreamRecord> records = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(3);
        double[] usage = {10, 20, 30, 40, 50};
        for (int i = 0; i < RECORDS; i++) {
            int host = i % usage.length;
            usage[host] = Math.min(100, Math.max(0, usage[host] + random.nextDouble(-1, 1)));
            long ms = 978_352_200_000L + i / usage.length * 1_000L;
            String line = String.format("cpu,host=web-%d,region=eu usage=%.2f %d", host, usage[host], ms);
            records.add(StreamRecord.atMillis(ms)
                    .value(line.getBytes(StandardCharsets.UTF_8))
                    .build());
        }
        return records;
    }
}
