package io.firn.lifecycle.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.fs.RateLimiter;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code firn verify --bytes-per-second}: a scrub that leaves the disk to others. */
class ThrottledVerifyTest {
    private static final long RATE = 1 << 20;
    private static final int RECORDS = 3_000;

    @TempDir
    Path directory;

    @Test
    void everyByteThatIsReadTakesItsTimeAndTheReportIsTheSame() {
        PartitionMapping mapping = PartitionMapping.parse("p:string=key");
        // zeros are written ahead by nobody else, who would be ahead more or less far when the bytes are counted
        TableEnvironment alone =
                TableEnvironment.deterministic(LocalFileStore.open(IoMode.AUTO), InstantSource.system());
        try (Table table = Table.create(directory.resolve("t"), mapping.scheme(), TableConfig.defaults(), alone)) {
            write(table, mapping, 1);
            try (LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults())) {
                assertThat(lifecycle.run(LifecycleRequest.compressAll()).errors())
                        .isEmpty();
            }
            write(table, mapping, 2);
            VerifyReport fast = TableVerifier.verify(table);
            AtomicLong nanos = new AtomicLong();

            VerifyReport slow = TableVerifier.verify(table, new RateLimiter(RATE, nanos::get, nanos::addAndGet));

            assertThat(slow).isEqualTo(fast);
            assertThat(slow.isSound()).isTrue();
            assertThat(slow.records()).isEqualTo(2 * RECORDS);
            long leastNs = (long)
                    ((double) slow.sizeBytes() / RATE * Duration.ofSeconds(1).toNanos());
            assertThat(nanos.get()).isBetween(leastNs * 9 / 10, leastNs * 4);
        }
    }

    private static void write(Table table, PartitionMapping mapping, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (TableWriter writer =
                table.writer(WriterOptions.named("w").mapping(mapping).build())) {
            for (int i = 0; i < RECORDS; i++) {
                byte[] value = new byte[500];
                random.nextBytes(value);
                writer.append(StreamRecord.atMillis(i)
                        .key(new byte[] {'k'})
                        .value(value)
                        .build());
            }
            writer.commit();
        }
    }
}
