package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.LaneReader;
import io.firn.table.LaneReaders;
import io.firn.table.RecordFile;
import io.firn.table.ScanOptions;
import io.firn.table.SegmentTier;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reader says which file a record was read from. */
class RecordFileTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");

    @TempDir
    Path directory;

    /** With little memory, records of overlapping files are copied and the files closed in between. */
    @ParameterizedTest
    @ValueSource(longs = {1, 64 << 20})
    void everyRecordNamesItsFileAndHowThatIsStored(long memoryBytes) {
        Path path = directory.resolve("t");
        try (Table table = Table.create(path, MAPPING.scheme(), TableConfig.defaults());
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            write(table, 3);
            manager.run(LifecycleRequest.compressAll());
            write(table, 3);
            manager.run(LifecycleRequest.settleAll());
            write(table, 3);

            List<RecordFile> files = read(table, memoryBytes);

            assertThat(files)
                    .extracting(RecordFile::tier)
                    .containsExactly(
                            SegmentTier.COLD,
                            SegmentTier.COLD,
                            SegmentTier.COLD,
                            SegmentTier.HOT,
                            SegmentTier.HOT,
                            SegmentTier.HOT,
                            SegmentTier.HOT,
                            SegmentTier.HOT,
                            SegmentTier.HOT);
            assertThat(files).allMatch(file -> Files.isRegularFile(path.resolve(file.path())));
            assertThat(files.get(1).path()).startsWith("k=1/").endsWith(".q.zst");
            assertThat(files.get(4).path()).startsWith("k=1/").endsWith(".q");
            assertThat(files.get(7)).isSameAs(files.get(6));
            assertThat(files.get(8)).isSameAs(files.get(6));
        }
    }

    private static void write(Table table, int records) {
        try (TableWriter writer =
                table.writer(WriterOptions.named("main").mapping(MAPPING).build())) {
            for (int n = 0; n < records; n++) {
                writer.append(StreamRecord.atMillis(n)
                        .key(Integer.toString(n).getBytes(StandardCharsets.UTF_8))
                        .build());
            }
            writer.finish();
        }
    }

    private static List<RecordFile> read(Table table, long memoryBytes) {
        List<RecordFile> files = new ArrayList<>();
        try (LaneReaders readers = table.laneReaders(memoryBytes);
                LaneReader reader = readers.open("main", ScanOptions.ALL)) {
            while (reader.next()) {
                files.add(reader.file());
            }
        }
        return files;
    }
}
