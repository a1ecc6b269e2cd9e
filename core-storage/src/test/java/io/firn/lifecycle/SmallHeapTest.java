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

    @TempDir
    Path directory;

    @Test
    void eightWritersLeaveOneColdFileForEachPartition() {
        try (ForkedJvm jvm = ForkedJvm.of(ManyPartitions.class, directory)
                .heap("256m")
                .arguments(directory.resolve("t"), WRITERS, RECORDS, PARTITIONS)
                .start()) {
            assertThat(jvm.awaitExit(Duration.ofMinutes(4))).as(jvm.error()).isZero();
            Map<String, String> printed = jvm.lines().stream()
                    .map(line -> line.split("=", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
            assertThat(printed)
                    .containsEntry("errors", "[]")
                    .containsEntry("settled", Integer.toString(RECORDS))
                    .containsEntry("read", Integer.toString(RECORDS))
                    .containsEntry("partitions", Integer.toString(PARTITIONS))
                    .containsEntry("cold", Integer.toString(PARTITIONS))
                    .containsEntry("hot", "0");
        }
    }
}
