package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testing.ForkedJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many partitions, several writers, a small heap: one cold file for each partition, and nothing is left hot. */
class SmallHeapTest {
    private static final int WRITERS = 8;
    private static final int RECORDS = Integer.getInteger("firn.smallheap.records", 40_000);
    private static final int PARTITIONS = Integer.getInteger("firn.smallheap.partitions", 600);
    private static final int OVERLAPPING_RECORDS = Integer.getInteger("firn.smallheap.overlapping.records", 100_000);
    private static final int OVERLAPPING_PARTITIONS = 10_000;
    private static final int OVERLAPPING_BYTES = 300 << 20;

    @TempDir
    Path directory;

    @Test
    void eightWritersLeaveOneColdFileForEachPartition() {
        writesCompressesAndReads(WRITERS, RECORDS, PARTITIONS, 0);
    }

    /** All files overlap from the first to the last record, and together they are larger than the heap. */
    @Test
    void oneWriterIsReplayedInOrderFromTenThousandOverlappingFiles() {
        writesCompressesAndReads(
                1, OVERLAPPING_RECORDS, OVERLAPPING_PARTITIONS, OVERLAPPING_BYTES / OVERLAPPING_RECORDS);
    }

    private void writesCompressesAndReads(int writers, int records, int partitions, int padding) {
        try (ForkedJvm jvm = ForkedJvm.of(ManyPartitions.class, directory)
                .heap("256m")
                .arguments(directory.resolve("t"), writers, records, partitions, padding)
                .start()) {
            assertThat(jvm.awaitExit(Duration.ofMinutes(12))).as(jvm.error()).isZero();
            Map<String, String> printed = jvm.lines().stream()
                    .map(line -> line.split("=", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
            assertThat(printed)
                    .containsEntry("errors", "[]")
                    .containsEntry("settled", Integer.toString(records))
                    .containsEntry("read", Integer.toString(records))
                    .containsEntry("partitions", Integer.toString(partitions))
                    .containsEntry("cold", Integer.toString(partitions))
                    .containsEntry("hot", "0");
        }
    }
}
