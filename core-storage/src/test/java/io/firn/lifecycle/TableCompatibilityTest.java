package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.access.AccessLogs;
import io.firn.error.CorruptDataException;
import io.firn.lifecycle.rebuild.RebuildReport;
import io.firn.lifecycle.rebuild.TableRebuild;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.lifecycle.verify.VerifyReport;
import io.firn.log.Catalog;
import io.firn.log.ExpiryMarkers;
import io.firn.log.PendingCommit;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of every released version of the format are read and gone on with for ever. */
class TableCompatibilityTest {
    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void unpack() throws IOException {
        path = TableFixture.unpack(TableFixture.TABLE, directory);
    }

    @Test
    void theTableOfVersionOneIsSoundAndHoldsWhatItHeld() {
        try (Table table = Table.open(path)) {
            assertThat(table.config()).isEqualTo(TableFixture.CONFIG);
            assertThat(table.scheme()).isEqualTo(TableFixture.MAPPING.scheme());
            assertThat(values(table)).containsExactlyInAnyOrderElementsOf(expected("attempt-1 0"));
            VerifyReport report = TableVerifier.verify(table);
            assertThat(report.damages()).isEmpty();
            assertThat(table.contents().segments()).isNotEmpty().allMatch(segment -> segment.cold());
        }
    }

    @Test
    void thePageOfACatalogOfVersionOneSaysHowFarItIsDurable() throws IOException {
        Path published = TableFixture.unpack(TableFixture.PUBLISHED, Files.createDirectory(directory.resolve("pages")));
        try (Table table = Table.open(published)) {
            assertThat(values(table)).containsExactlyInAnyOrderElementsOf(expected("attempt-1 0"));
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
        }
        Path catalog = published.resolve("_table/catalog");
        ByteBuffer page =
                ByteBuffer.wrap(Files.readAllBytes(catalog.resolve("pos"))).order(ByteOrder.LITTLE_ENDIAN);
        Path log = catalog.resolve(String.format("%020d.log", page.getLong()));
        assertThat(page.getLong()).isEqualTo(Files.size(log));
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 1);
        }
        assertThatThrownBy(() -> Table.open(published).reader(ScanOptions.ALL))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("the owner published");
    }

    @Test
    void whatWasRemovedIsStillCounted() {
        try (Table table = Table.open(path)) {
            assertThat(Catalog.read(table.layout()).state().expired().values())
                    .containsExactly((long) TableFixture.EXPIRED);
            assertThat(ExpiryMarkers.read(table.layout())).singleElement().satisfies(range -> {
                assertThat(range.partitionPath()).isEqualTo("k=p0");
                assertThat(range.records()).isEqualTo(TableFixture.EXPIRED);
            });
        }
    }

    @Test
    void whatWasErasedIsGoneAndItsMarkerNamesSingleRecords() throws IOException {
        Path erased = TableFixture.unpack(TableFixture.ERASED, Files.createDirectory(directory.resolve("erased")));
        try (Table table = Table.open(erased)) {
            assertThat(values(table)).isNotEmpty().noneMatch(value -> isErased(value));
            assertThat(expected("attempt-1 0").stream().filter(value -> !isErased(value)))
                    .containsExactlyInAnyOrderElementsOf(values(table));
            assertThat(ExpiryMarkers.read(table.layout())).anyMatch(range -> !range.isWhole());
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
        }
    }

    private static boolean isErased(String value) {
        long sequence = Long.parseLong(value.substring(value.indexOf(' ') + 1));
        return TableFixture.key(sequence).equals("p1");
    }

    @Test
    void accessesOfVersionOneAreRead() {
        try (Table table = Table.open(path)) {
            assertThat(table.contents().segments())
                    .allSatisfy(segment -> assertThat(new AccessLogs(table.layout())
                                    .of(segment.path())
                                    .count())
                            .isPositive());
        }
    }

    @Test
    void aCommitOfVersionOneThatACheckpointHoldsCounts() throws IOException {
        try (Table table = Table.open(path);
                InputStream bytes = TableFixture.resource(TableFixture.PENDING)) {
            table.commit(PendingCommit.fromBytes(bytes.readAllBytes()));
            assertThat(values(table)).containsExactlyInAnyOrderElementsOf(expected("attempt-1 0", "attempt-2 0"));
        }
    }

    @Test
    void aWriterOfVersionOneGoesOnAndTheLifecycle() {
        try (Table table = Table.open(path)) {
            WriterOptions options = WriterOptions.named("flights-0")
                    .mapping(TableFixture.MAPPING)
                    .build();
            try (TableWriter writer = table.writer(options)) {
                assertThat(writer.position()).isEqualTo(TableFixture.RECORDS);
                assertThat(writer.state().gapSequences()).isEqualTo(TableFixture.GAP_TO - TableFixture.GAP_FROM);
                writer.append(StreamRecord.atMillis(0)
                        .key("p0".getBytes(StandardCharsets.UTF_8))
                        .value("new".getBytes(StandardCharsets.UTF_8))
                        .build());
                writer.finish();
            }
            try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
                assertThat(manager.run(LifecycleRequest.compressAll()).errors()).isEmpty();
                assertThat(manager.run(LifecycleRequest.compact()).errors()).isEmpty();
            }
            assertThat(values(table)).containsExactlyInAnyOrderElementsOf(expected("attempt-1 0", "new"));
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
        }
    }

    @Test
    void aCatalogOfVersionOneIsRebuilt() {
        TreeSet<String> before;
        try (Table table = Table.open(path)) {
            before = new TreeSet<>(values(table));
            var store = table.layout().store();
            for (String name : store.list(table.layout().catalog())) {
                if (name.endsWith(".log")) {
                    store.delete(table.layout().catalog().resolve(name));
                }
            }
            RebuildReport report = TableRebuild.catalog(table);
            assertThat(report.failures()).isEmpty();
            assertThat(report.unproven()).isEmpty();
            assertThat(new TreeSet<>(values(table))).isEqualTo(before);
        }
    }

    private static List<String> expected(String... others) {
        List<String> all = new ArrayList<>(List.of(others));
        for (long sequence = 0; sequence < TableFixture.RECORDS; sequence++) {
            if (TableFixture.isLeft(sequence)) {
                all.add(TableFixture.value("flights-0", sequence));
            }
        }
        return all;
    }

    private static List<String> values(Table table) {
        List<String> values = new ArrayList<>();
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                values.add(new String(reader.record().toRecord().value(), StandardCharsets.UTF_8));
            }
        }
        return values;
    }
}
