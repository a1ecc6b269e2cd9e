package io.firn.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.table.Isolation;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ArchiveReaderTest {
    private static final StreamKey KEY = StreamKey.of("binance", "BTCUSDT", "2026-01-31", "trades");
    private static final Path ROOT = Path.of("/archive");
    private static final byte[] PAYLOAD = new byte[1000];

    private final ForwardingFileStore store = new ForwardingFileStore(new InMemoryFileStore());
    private final TableEnvironment environment = TableEnvironment.deterministic(store, InstantSource.system());
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger listings = new AtomicInteger();

    @Test
    void whileRecordsComeItLooksForOthersEveryTwentyMilliseconds() {
        try (Archive archive = archive();
                ArchiveReader reader = reader(archive)) {
            append(archive, reader, 1);
            countListings();
            for (int i = 0; i < 1000; i++) {
                append(archive, reader, 1);
                nanos.addAndGet(TimeUnit.MICROSECONDS.toNanos(18));
                assertThat(reader.next()).isFalse();
            }
            assertThat(listings).hasValue(0);
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(2));
            append(archive, reader, 1);
            assertThat(reader.next()).isFalse();
            assertThat(listings).hasPositiveValue();
        }
    }

    @Test
    void aStreamThatIsCompressedInPartIsFollowed() {
        try (Archive first = archive()) {
            first.append(1, 1, PAYLOAD);
        }
        try (Archive archive = archive();
                LifecycleManager manager = LifecycleManager.open(archive.table(), LifecycleOptions.defaults())) {
            manager.run(LifecycleRequest.compressAll());
            archive.append(1, 1, PAYLOAD);
            try (ArchiveReader reader = reader(archive)) {
                assertThat(reader.next()).isTrue();
                assertThat(reader.next()).isTrue();
                assertThat(reader.next()).isFalse();
                archive.append(1, 1, PAYLOAD);
                reader.refresh();
                assertThat(reader.next()).isTrue();
            }
        }
    }

    @Test
    void aSegmentThatBeginsIsFoundWhenNothingCameForAMillisecond() {
        try (Archive archive = archive();
                ArchiveReader reader = reader(archive)) {
            append(archive, reader, 60);
            int behindTheRoll = 0;
            while (behindTheRoll == 0) {
                archive.append(1, 1, PAYLOAD);
                if (!reader.next()) {
                    behindTheRoll++;
                }
            }
            nanos.addAndGet(999_999);
            assertThat(reader.next()).isFalse();
            nanos.addAndGet(1);
            assertThat(reader.next()).isTrue();
            assertThat(reader.next()).isFalse();
        }
    }

    @Test
    void aRefreshFindsASegmentThatBeginsAtOnce() {
        try (Archive archive = archive();
                ArchiveReader reader = reader(archive)) {
            for (long sequence = 0; sequence < 500; sequence++) {
                archive.append(1, 1, PAYLOAD);
                if (!reader.next()) {
                    assertThat(reader.refresh()).isTrue();
                    assertThat(reader.next()).isTrue();
                }
                assertThat(reader.sequence()).isEqualTo(sequence);
            }
        }
    }

    private Archive archive() {
        TableConfig small = TableConfig.builder().segmentSizeBytes(64 << 10).build();
        return Archive.open(
                ROOT,
                KEY,
                ArchiveOptions.defaults()
                        .withConfig(small)
                        .withEnvironment(environment)
                        .withCommitInterval(Duration.ZERO));
    }

    private ArchiveReader reader(Archive archive) {
        Table table = archive.table();
        return ArchiveReader.open(table, KEY, Isolation.READ_UNCOMMITTED, nanos::get);
    }

    private static void append(Archive archive, ArchiveReader reader, int records) {
        for (int i = 0; i < records; i++) {
            archive.append(1, 1, new byte[8]);
            assertThat(reader.next()).isTrue();
        }
        assertThat(reader.next()).isFalse();
    }

    private void countListings() {
        store.runBefore(StoreCall.is(StoreOperation.LIST), listings::incrementAndGet);
    }
}
