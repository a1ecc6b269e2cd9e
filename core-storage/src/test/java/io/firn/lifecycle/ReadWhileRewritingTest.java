package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files vanish under readers all the time: segments are settled, compressed and decompressed while they are opened. */
class ReadWhileRewritingTest {
    private static final int PARTITIONS = 8;
    private static final int READERS = 2;
    private static final int SEGMENT_OPENS = 10_000;
    private static final int MIN_REWRITES = 10;
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicInteger rewrites = new AtomicInteger();

    @TempDir
    Path directory;

    @Test
    void everyReaderSeesEveryCommittedRecordOnceWhateverIsRewritten() throws Exception {
        try (Table table = Table.create(directory.resolve("t"), MAPPING.scheme(), TableConfig.defaults());
                TableWriter writer =
                        table.writer(WriterOptions.named("w").mapping(MAPPING).build());
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            append(writer);
            ExecutorService threads = Executors.newFixedThreadPool(READERS);
            try {
                List<Future<Integer>> readers = new ArrayList<>();
                for (int i = 0; i < READERS; i++) {
                    readers.add(threads.submit(() -> readAgainAndAgain(table)));
                }
                rewriteUntilDone(manager, writer, readers);
                for (Future<Integer> reader : readers) {
                    assertThat(reader.get()).isGreaterThanOrEqualTo(SEGMENT_OPENS / READERS);
                }
            } finally {
                stopped.set(true);
                threads.shutdown();
                assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            }
        }
    }

    private void rewriteUntilDone(LifecycleManager manager, TableWriter writer, List<Future<Integer>> readers) {
        while (!readers.stream().allMatch(Future::isDone)) {
            boolean compress = rewrites.get() % 2 == 0;
            LifecycleStats stats =
                    manager.run(compress ? LifecycleRequest.compressAll() : LifecycleRequest.decompressAll());
            assertThat(stats.errors()).isEmpty();
            if (rewrites.incrementAndGet() % 50 == 0) {
                append(writer);
            }
        }
    }

    private void append(TableWriter writer) {
        for (int i = 0; i < PARTITIONS; i++) {
            byte[] key = {(byte) ('a' + i)};
            writer.append(StreamRecord.atMillis(1)
                    .key(key)
                    .value(Long.toString(writer.nextSequence()).getBytes(StandardCharsets.US_ASCII))
                    .build());
        }
        writer.roll();
        committed.set(writer.commit());
    }

    /** Reads the whole table until it has opened enough segments and enough was rewritten; returns their number. */
    private int readAgainAndAgain(Table table) {
        int opened = 0;
        while ((opened < SEGMENT_OPENS / READERS || rewrites.get() <= MIN_REWRITES) && !stopped.get()) {
            long atLeast = committed.get();
            long next = 0;
            try (TableReader reader = table.reader(ScanOptions.ALL)) {
                while (reader.next()) {
                    assertThat(reader.record().sequence()).isEqualTo(next);
                    byte[] value =
                            Objects.requireNonNull(reader.record().toRecord().value());
                    assertThat(value).asString().isEqualTo(Long.toString(next));
                    next++;
                }
            }
            assertThat(next).isGreaterThanOrEqualTo(atLeast);
            opened += PARTITIONS;
        }
        return opened;
    }
}
