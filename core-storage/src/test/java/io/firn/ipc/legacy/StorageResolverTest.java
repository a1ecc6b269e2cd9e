package io.firn.ipc.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import io.firn.ipc.Archive;
import io.firn.ipc.ArchiveLayout;
import io.firn.ipc.ArchiveOptions;
import io.firn.ipc.ArchiveReader;
import io.firn.ipc.StreamKey;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.record.StreamRecord;
import io.firn.table.Isolation;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.LegacyFixture;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StorageResolverTest {
    private static final Path OLD = Path.of("/old");
    private static final Path TABLE = Path.of("/new");
    private static final StreamKey KEY = StreamKey.of("binance", "BTCUSDT", "2026-01-31", "trades");
    private static final ArchiveLayout LAYOUT = new ArchiveLayout(OLD);

    private final FileStore store = new InMemoryFileStore();
    private final TableEnvironment environment = TableEnvironment.deterministic(store, InstantSource.system());
    private final ArchiveOptions options =
            ArchiveOptions.defaults().withEnvironment(environment).withCommitInterval(Duration.ZERO);

    @Test
    void aStreamIsFoundWhereverItIs() {
        List<StreamRecord> old = LegacyFixture.records(0, 20).stream()
                .map(LegacyFixture.Old::expected)
                .toList();
        byte[] start =
                new LegacyFixture(0, false).addAll(LegacyFixture.records(0, 10)).bytes();
        LegacyFixture.write(store, LAYOUT.segment(KEY, 0), start);
        assertThat(read()).isEqualTo(old.subList(0, 10)); // only in the old archive

        assertThat(Migrator.open(OLD, TABLE, options).run().isComplete()).isTrue();
        assertThat(read()).isEqualTo(old.subList(0, 10)); // in both

        byte[] more =
                new LegacyFixture(0, false).addAll(LegacyFixture.records(0, 20)).bytes();
        try (StoreFile file = store.openWrite(LAYOUT.segment(KEY, 0))) {
            file.write(ByteBuffer.wrap(more), 0);
        }
        assertThat(read()).isEqualTo(old); // partly in each

        StreamRecord fresh =
                StreamRecord.atNanos(7).typeId(3).value(new byte[] {1}).build();
        try (Archive archive = Archive.open(TABLE, KEY, options)) {
            archive.append(3, 7, new byte[] {1});
        }
        List<StreamRecord> all = new ArrayList<>(old);
        all.add(fresh);
        assertThat(read()).isEqualTo(all); // and new ones behind

        assertThat(Migrator.open(OLD, TABLE, options).run().migratedRecords()).isEqualTo(10);
        store.delete(LAYOUT.segment(KEY, 0));
        assertThat(read()).isEqualTo(all); // hot in the table, the old files are gone
        try (Table table = Table.open(TABLE, environment);
                LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            assertThat(lifecycle.run(LifecycleRequest.compressAll()).errors()).isEmpty();
        }
        assertThat(read()).isEqualTo(all); // cold in the table
    }

    /** Its name says nothing of the stream, and comes before that of the migrated records. */
    @Test
    void whatAWriterWithManyPartitionsHasComesBehindWhatWasMigrated() {
        StreamKey other = StreamKey.of("binance", "ETHUSDT", "2026-01-31", "trades");
        LegacyFixture.write(
                store,
                LAYOUT.segment(KEY, 0),
                new LegacyFixture(0, true).addAll(LegacyFixture.records(0, 3)).bytes());
        assertThat(Migrator.open(OLD, TABLE, options).run().isComplete()).isTrue();
        StreamRecord fresh =
                StreamRecord.atNanos(7).typeId(3).value(new byte[] {1}).build();
        try (Table table = Table.open(TABLE, environment);
                TableWriter writer = table.writer(WriterOptions.named("feed")
                        .partitionsGiven(StreamKey.SCHEME)
                        .build())) {
            writer.append(fresh, KEY.partition());
            writer.append(fresh, other.partition());
            writer.append(fresh, other.partition());
            writer.finish();
        }
        List<StreamRecord> all = new ArrayList<>(LegacyFixture.records(0, 3).stream()
                .map(LegacyFixture.Old::expected)
                .toList());
        all.add(fresh);
        assertThat(read(KEY)).isEqualTo(all).isEqualTo(archived(Isolation.READ_COMMITTED));
        assertThat(archived(Isolation.READ_UNCOMMITTED)).isEqualTo(all);
        assertThat(read(other)).isEqualTo(List.of(fresh, fresh));
    }

    @Test
    void theWritersOfEveryOldLayoutAreKnown() {
        for (LegacyLayout layout : LegacyLayout.values()) {
            assertThat(StreamKey.isOfOldArchive(layout.writer() + "@venue=a")).isTrue();
        }
        assertThat(StreamKey.isOfOldArchive(Archive.WRITER + "@venue=a")).isFalse();
        assertThat(StreamKey.isOfOldArchive("legacy")).isFalse();
    }

    private List<StreamRecord> archived(Isolation isolation) {
        List<StreamRecord> found = new ArrayList<>();
        try (Table table = Table.open(TABLE, environment);
                ArchiveReader reader = ArchiveReader.open(table, KEY, isolation)) {
            while (reader.next()) {
                found.add(reader.record().toRecord());
            }
        }
        return found;
    }

    @Test
    void whatIsNowhereNamesEveryPlace() {
        assertThatThrownBy(() -> StorageResolver.open(TABLE, OLD, environment))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("/new")
                .hasMessageContaining("/old/v1");
        LegacyFixture.write(store, LAYOUT.segment(KEY, 0), new LegacyFixture(0, true).bytes());
        assertThatThrownBy(() -> StorageResolver.open(TABLE, OLD, environment)
                        .resolve("binance", "ETHUSDT", "2026-01-31", "trades"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("symbol=ETHUSDT")
                .hasMessageContaining("/new")
                .hasMessageContaining("/old");
    }

    private List<StreamRecord> read() {
        return read(KEY);
    }

    private List<StreamRecord> read(StreamKey key) {
        List<StreamRecord> found = new ArrayList<>();
        try (StorageReader reader =
                StorageResolver.open(TABLE, OLD, environment).resolve(key)) {
            while (reader.next()) {
                found.add(reader.record());
                assertThat(reader.payload())
                        .isEqualTo(ByteBuffer.wrap(
                                java.util.Objects.requireNonNull(reader.record().value())));
                assertThat(reader.timestampNs()).isEqualTo(reader.record().timestamp());
                assertThat(reader.typeId()).isEqualTo(reader.record().typeId());
            }
            assertThat(reader.next()).isFalse();
        }
        return found;
    }
}
