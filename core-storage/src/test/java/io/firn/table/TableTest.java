package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.ConfigException;
import io.firn.error.InvalidRecordException;
import io.firn.error.NotFoundException;
import io.firn.error.TableLockedException;
import io.firn.error.WriterFencedException;
import io.firn.fs.PoliteLock;
import io.firn.log.LaneName;
import io.firn.log.Lanes;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
    private static final PartitionMapping BY_KEY = PartitionMapping.parse("k:string=key");

    @TempDir
    Path directory;

    @Test
    void readersSeeRecordsOnlyAfterTheCommit() {
        try (Table table = unpartitioned();
                TableWriter writer = table.writer(WriterOptions.named("main").build())) {
            assertThat(writer.append(record("k", "one"))).isZero();
            assertThat(read(table)).isEmpty();
            assertThat(writer.commit()).isEqualTo(1);
            assertThat(read(table)).containsExactly("one");
        }
    }

    @Test
    void everyFieldOfARecordComesBack() {
        StreamRecord record = StreamRecord.atMillis(-1)
                .typeId(65_535)
                .key(new byte[0])
                .headers(List.of(
                        new RecordHeader("h", null),
                        new RecordHeader("h", new byte[0]),
                        new RecordHeader("", new byte[] {1})))
                .value(null)
                .build();
        try (Table table = unpartitioned();
                TableWriter writer = table.writer(WriterOptions.named("main").build())) {
            writer.append(42, record);
            writer.commit();
            try (TableReader reader = table.reader(ScanOptions.ALL)) {
                assertThat(reader.next()).isTrue();
                assertThat(reader.record().sequence()).isEqualTo(42);
                assertThat(reader.record().toRecord()).isEqualTo(record);
                assertThat(reader.writer()).isEqualTo("main");
                assertThat(reader.next()).isFalse();
            }
        }
    }

    @Test
    void aReopenedWriterGoesOnBehindItsLastCommit() {
        try (Table table = unpartitioned()) {
            try (TableWriter writer = table.writer(WriterOptions.named("main").build())) {
                writer.append(record("k", "kept"));
                writer.commit();
                writer.append(record("k", "dropped"));
            }
            try (TableWriter writer = table.writer(WriterOptions.named("main").build())) {
                assertThat(writer.position()).isEqualTo(1);
                writer.append(record("k", "next"));
                writer.commit();
            }
            assertThat(read(table)).containsExactly("kept", "next");
        }
    }

    @Test
    void filesThatWereNeverCommittedGoWithTheNextOwner() {
        try (Table table = unpartitioned()) {
            for (int i = 0; i < 3; i++) {
                try (TableWriter writer =
                        table.writer(WriterOptions.named("main").build())) {
                    writer.append(record("k", "kept " + i));
                    writer.commit();
                    writer.roll();
                    writer.append(record("k", "dropped " + i));
                }
            }
            table.writer(WriterOptions.named("main").build()).close();
            assertThat(directory.resolve("t/_table/hot").toFile().list()).hasSize(3);
            assertThat(read(table)).containsExactly("kept 0", "kept 1", "kept 2");
        }
    }

    @Test
    void rollbackDropsWhatIsNotCommitted() {
        try (Table table = unpartitioned();
                TableWriter writer = table.writer(WriterOptions.named("main").build())) {
            writer.append(record("k", "kept"));
            writer.commit();
            writer.append(record("k", "dropped"));
            writer.rollback();
            assertThat(writer.append(record("k", "again"))).isEqualTo(1);
            writer.commit();
            assertThat(read(table)).containsExactly("kept", "again");
        }
    }

    @Test
    void sequencesAreTheCallersAndStrictlyIncreasing() {
        try (Table table = unpartitioned();
                TableWriter writer = table.writer(WriterOptions.named("main").build())) {
            writer.append(10, record("k", "a"));
            writer.append(20, record("k", "b"));
            assertThatThrownBy(() -> writer.append(20, record("k", "c")))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining("at least 21");
            writer.recordGap(11, 20);
            writer.advanceTo(30);
            assertThat(writer.commit()).isEqualTo(30);
            assertThat(writer.state().gapSequences()).isEqualTo(9);
            assertThat(table.lanes().get(0).records()).isEqualTo(2);
        }
    }

    @Test
    void oneCommitShowsManyPartitionsAndFiltersPrune() {
        try (Table table = byKey();
                TableWriter writer =
                        table.writer(WriterOptions.named("main").mapping(BY_KEY).build())) {
            for (int i = 0; i < 300; i++) {
                writer.append(record("key" + i % 50, "v" + i));
            }
            writer.commit();
            assertThat(read(table)).hasSize(300).startsWith("v0", "v1").endsWith("v299");
            ScanOptions one = ScanOptions.builder()
                    .filter(PartitionFilter.exact("k", "key7"))
                    .build();
            assertThat(read(table, one)).containsExactly("v7", "v57", "v107", "v157", "v207", "v257");
            assertThat(table.contents().hot().records()).isEqualTo(300);
        }
    }

    @Test
    void aPartitionWriterWritesStraightIntoItsDirectory() {
        try (Table table = byKey();
                TableWriter writer = table.writer(WriterOptions.named("main")
                        .partition(PartitionValues.of(table.scheme(), "a/b"))
                        .build())) {
            writer.append(1_000, 7, ByteBuffer.wrap("x".getBytes(StandardCharsets.UTF_8)));
            writer.finish();
            assertThat(read(table)).containsExactly("x");
            assertThat(table.contents().partitions()).singleElement().satisfies(partition -> {
                assertThat(partition.path()).isEqualTo("k=a%2Fb");
                assertThat(partition.records()).isEqualTo(1);
            });
        }
    }

    @Test
    void rollsWhenASegmentIsFullAndReadsOverIt() {
        TableConfig small = TableConfig.builder().segmentSizeBytes(64 << 10).build();
        try (Table table = Table.create(directory.resolve("t"), PartitionScheme.unpartitioned(), small);
                TableWriter writer = table.writer(WriterOptions.named("main").build())) {
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                String value = "value number " + i;
                expected.add(value);
                writer.append(record("k", value));
                if (i % 1_000 == 0) {
                    writer.commit();
                }
            }
            writer.commit();
            assertThat(writer.state().segments().size()).isGreaterThan(3);
            assertThat(read(table)).isEqualTo(expected);
        }
    }

    @Test
    void aTailingReaderFollowsCommitsRollsAndNewWriters() {
        try (Table table = byKey();
                TableWriter first =
                        table.writer(WriterOptions.named("a").mapping(BY_KEY).build());
                TableReader reader = table.reader(ScanOptions.ALL)) {
            assertThat(reader.next()).isFalse();
            assertThat(reader.refresh()).isFalse();
            first.append(record("x", "a0"));
            first.commit();
            assertThat(drain(reader)).containsExactly("a0");
            try (TableWriter second =
                    table.writer(WriterOptions.named("b").mapping(BY_KEY).build())) {
                second.append(record("y", "b0"));
                second.commit();
                first.roll();
                first.append(record("x", "a1"));
                first.commit();
                assertThat(drain(reader)).containsExactly("a1", "b0");
            }
            first.rollback();
            first.append(record("x", "a2"));
            first.commit();
            assertThat(drain(reader)).containsExactly("a2");
            assertThat(reader.position("a")).isEqualTo(3);
        }
    }

    @Test
    void anUncommittedReaderSeesWhatIsAppendedAndWhatReplacesIt() {
        ScanOptions uncommitted =
                ScanOptions.builder().isolation(Isolation.READ_UNCOMMITTED).build();
        try (Table table = byKey();
                TableWriter writer =
                        table.writer(WriterOptions.named("main").mapping(BY_KEY).build());
                TableReader reader = table.reader(uncommitted)) {
            writer.append(record("x", "0"));
            assertThat(drain(reader)).containsExactly("0");
            writer.commit();
            writer.append(record("x", "1"));
            writer.roll();
            writer.append(record("y", "2"));
            assertThat(drain(reader)).containsExactly("1", "2");
            assertThat(read(table)).containsExactly("0");
            writer.rollback();
            writer.append(record("z", "1 again"));
            assertThat(drain(reader)).containsExactly("1 again");
            writer.commit();
            assertThat(drain(reader)).isEmpty();
            assertThat(read(table)).containsExactly("0", "1 again");
        }
    }

    @Test
    void readsATimeRange() {
        try (Table table = unpartitioned();
                TableWriter writer = table.writer(WriterOptions.named("main").build())) {
            for (int i = 0; i < 1_000; i++) {
                writer.append(StreamRecord.atMillis(i)
                        .value(Integer.toString(i).getBytes(StandardCharsets.UTF_8))
                        .build());
            }
            writer.finish();
            ScanOptions range = ScanOptions.builder()
                    .fromNs(500_000_000L)
                    .toNs(503_000_000L)
                    .build();
            assertThat(read(table, range)).containsExactly("500", "501", "502");
        }
    }

    @Test
    void aWriterOpensAlthoughSomebodyLooksAtItsLaneAtThatMoment() throws Exception {
        try (Table table = unpartitioned()) {
            table.writer(WriterOptions.named("main").build()).close();
            String lane = LaneName.encode("main");
            Lanes lanes = new Lanes(table.layout(), InstantSource.system());
            ExecutorService other = Executors.newSingleThreadExecutor();
            try (PoliteLock looking = lanes.tryLock(lane).orElseThrow()) {
                Future<TableWriter> opening = other.submit(
                        () -> table.writer(WriterOptions.named("main").build()));
                assertThatThrownBy(() -> opening.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
                looking.close();
                opening.get(1, TimeUnit.MINUTES).close();
            } finally {
                other.shutdown();
            }
        }
    }

    @Test
    void aSecondWriterIsRefusedAndATakeOverFencesTheFirst() {
        try (Table table = unpartitioned();
                TableWriter first = table.writer(WriterOptions.named("main").build())) {
            assertThatThrownBy(() -> table.writer(WriterOptions.named("main").build()))
                    .isInstanceOf(TableLockedException.class);
            try (TableWriter second =
                    table.writer(WriterOptions.named("main").takeOver(true).build())) {
                first.append(record("k", "zombie"));
                assertThatThrownBy(first::commit).isInstanceOf(WriterFencedException.class);
                assertThatThrownBy(() -> first.append(record("k", "z"))).isInstanceOf(ClosedException.class);
                second.append(record("k", "owner"));
                second.commit();
                assertThat(read(table)).containsExactly("owner");
            }
        }
    }

    @Test
    void eightThreadsThatCreateOneTableGetOneTable() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<String>> creators = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                creators.add(() -> {
                    try (Table table =
                            Table.openOrCreate(directory.resolve("t"), BY_KEY.scheme(), TableConfig.defaults())) {
                        return table.id().toString();
                    }
                });
            }
            Set<String> ids = new TreeSet<>();
            for (var id : threads.invokeAll(creators)) {
                ids.add(id.get());
            }
            assertThat(ids).hasSize(1);
            assertThat(directory.resolve("t")).isDirectoryContaining(path -> path.endsWith("_table"));
            assertThat(directory.resolve("t").toFile().list()).containsExactly("_table");
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void createRefusesAnExistingTableAndOpenAMissingOne() {
        unpartitioned().close();
        assertThatThrownBy(this::unpartitioned)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("exists");
        assertThatThrownBy(() -> Table.open(directory.resolve("missing"))).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> Table.openOrCreate(directory.resolve("t"), BY_KEY.scheme(), TableConfig.defaults()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("scheme never changes");
    }

    @Test
    void keepsWhatAWriterSaysOfItsOrigin() {
        try (Table table = unpartitioned();
                TableWriter writer = table.writer(WriterOptions.named("topic/3")
                        .properties(Map.of("topic", "t", "partition", "3"))
                        .build())) {
            assertThat(writer.commit()).isZero();
            assertThat(table.lanes()).singleElement().satisfies(lane -> {
                assertThat(lane.writer()).isEqualTo("topic/3");
                assertThat(lane.properties()).containsEntry("partition", "3");
            });
        }
    }

    @Test
    void aRecordThatWasRefusedDoesNotTakeTheNameOfTheNextSegment() {
        try (Table table = unpartitioned();
                TableWriter writer = table.writer(WriterOptions.named("main").build())) {
            assertThatThrownBy(() -> writer.append(1, 1 << 20, ByteBuffer.allocate(8)))
                    .isInstanceOf(InvalidRecordException.class);
            writer.roll();
            writer.commit();
            writer.append(record("k", "next"));
            writer.commit();
            assertThat(read(table)).containsExactly("next");
        }
    }

    private Table unpartitioned() {
        return Table.create(directory.resolve("t"), PartitionScheme.unpartitioned(), TableConfig.defaults());
    }

    private Table byKey() {
        return Table.create(directory.resolve("t"), BY_KEY.scheme(), TableConfig.defaults());
    }

    private static StreamRecord record(String key, String value) {
        return StreamRecord.atNanos(1)
                .key(key.getBytes(StandardCharsets.UTF_8))
                .value(value.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static List<String> read(Table table) {
        return read(table, ScanOptions.ALL);
    }

    private static List<String> read(Table table, ScanOptions options) {
        try (TableReader reader = table.reader(options)) {
            return rest(reader);
        }
    }

    private static List<String> drain(TableReader reader) {
        reader.refresh();
        return rest(reader);
    }

    private static List<String> rest(TableReader reader) {
        List<String> values = new ArrayList<>();
        while (reader.next()) {
            values.add(new String(reader.record().toRecord().value(), StandardCharsets.UTF_8));
        }
        return values;
    }
}
