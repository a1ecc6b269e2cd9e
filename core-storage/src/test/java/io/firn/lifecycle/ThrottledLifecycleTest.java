package io.firn.lifecycle;

import static io.firn.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.fs.FileStore;
import io.firn.fs.RateLimiter;
import io.firn.fs.ThrottledFileStore;
import io.firn.log.TableLayout;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.InMemoryFileStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lifecycle.bytes.per.second}. */
class ThrottledLifecycleTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final int RECORDS = 2_000;
    private static final long RATE = 64 << 10;

    @TempDir
    Path directory;

    @Test
    void everyByteThatIsReadAndWrittenTakesItsTime() {
        AtomicLong nanos = new AtomicLong();
        FileStore store = new InMemoryFileStore();
        RateLimiter limiter = new RateLimiter(RATE, nanos::get, nanos::addAndGet);
        TableLayout plain = TestTables.create(store);
        long bytes = write(plain);
        TableLayout limited = plain.through(new ThrottledFileStore(store, limiter));

        LifecycleStats settled = TestTables.run(limited, LifecycleRequest.settleAll());
        long settleNs = nanos.get();
        LifecycleStats compressed = TestTables.run(limited, LifecycleRequest.compressAll());

        assertThat(settled.settledRecords()).isEqualTo(RECORDS);
        assertThat(compressed.compressedSegments()).isPositive();
        // Read once and written once at the very least; then read to be compressed.
        assertThat(settleNs).isGreaterThan(nanosOf(2 * bytes));
        assertThat(nanos.get() - settleNs).isGreaterThan(nanosOf(bytes));
        assertThat(nanos.get()).isLessThan(nanosOf(20 * bytes));
    }

    /** Returns the size of the one hot file. */
    private static long write(TableLayout layout) {
        try (LaneFeed feed = LaneFeed.open(layout, "w", TestTables.CLOCK)) {
            for (int i = 0; i < RECORDS; i++) {
                feed.append("p=" + i % 3);
            }
            feed.roll();
            feed.commit();
        }
        List<String> files = layout.store().list(layout.hot());
        assertThat(files).hasSize(1);
        return layout.store().info(layout.hot().resolve(files.get(0))).sizeBytes();
    }

    private static long nanosOf(long bytes) {
        return TimeUnit.SECONDS.toNanos(bytes) / RATE;
    }

    @Test
    void closingEndsTheWaitingAndLeavesTheTableAsItWas() throws Exception {
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try (Table table = written()) {
            LifecycleManager manager =
                    LifecycleManager.open(table, LifecycleOptions.defaults().withBytesPerSecond(1));
            Future<LifecycleStats> run = caller.submit(() -> manager.run(LifecycleRequest.compressAll()));
            await().until(() -> waits("RateLimiter"));
            assertThat(run.isDone()).isFalse();

            manager.close();

            LifecycleStats stats = run.get(2, TimeUnit.MINUTES);
            assertThat(stats.errors()).isEmpty();
            assertThat(stats.skipped()).isNotEmpty();
            assertThat(stats.settledRecords()).isZero();
            assertThat(count(table)).isEqualTo(RECORDS);
            assertThat(table.contents().segments()).isEmpty();
        } finally {
            caller.shutdown();
        }
    }

    @Test
    void withinItsLimitItDoesTheSameWork() {
        try (Table table = written();
                LifecycleManager manager =
                        LifecycleManager.open(table, LifecycleOptions.defaults().withBytesPerSecond("1GiB"))) {
            LifecycleStats stats = manager.run(LifecycleRequest.compressAll());
            assertThat(stats.errors()).isEmpty();
            assertThat(stats.settledRecords()).isEqualTo(RECORDS);
            assertThat(count(table)).isEqualTo(RECORDS);
        }
    }

    @Test
    void theRateIsReadAsASizeAndQuotedWhenItIsNone() {
        LifecycleOptions options = LifecycleOptions.defaults();
        assertThat(options.bytesPerSecond()).isEmpty();
        assertThat(options.withBytesPerSecond("20MiB").bytesPerSecond()).hasValue(20 << 20);
        assertThat(options.withBytesPerSecond(7).withBytesPerSecond("-1").bytesPerSecond())
                .isEmpty();
        assertThat(options.withBytesPerSecond(7).withThreads(2).bytesPerSecond())
                .hasValue(7);
        for (String wrong : List.of("0", "-2", "fast", "20MB")) {
            assertThatThrownBy(() -> options.withBytesPerSecond(wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("'" + wrong + "' for 'lifecycle.bytes.per.second'");
        }
    }

    private static boolean waits(String className) {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getState() == Thread.State.TIMED_WAITING)
                .flatMap(thread -> List.of(thread.getValue()).stream())
                .anyMatch(frame -> frame.getClassName().endsWith("." + className));
    }

    private Table written() {
        Table table = Table.create(directory.resolve("t"), MAPPING.scheme(), TableConfig.defaults());
        SplittableRandom random = new SplittableRandom(3);
        try (TableWriter writer =
                table.writer(WriterOptions.named("main").mapping(MAPPING).build())) {
            for (int i = 0; i < RECORDS; i++) {
                writer.append(StreamRecord.atMillis(i)
                        .key(("k" + i % 3).getBytes(StandardCharsets.UTF_8))
                        .value(Long.toString(random.nextLong()).getBytes(StandardCharsets.UTF_8))
                        .build());
            }
            writer.finish();
        }
        return table;
    }

    private static long count(Table table) {
        long count = 0;
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                count++;
            }
        }
        return count;
    }
}
