package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileTree;
import io.firn.log.LaneName;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.testing.InMemoryFileStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A reader follows a table from which somebody deletes the lane of an attempt that never committed. */
class GoneLaneTest {
    private static final PartitionMapping BY_KEY = PartitionMapping.parse("k:string=key");

    private final InMemoryFileStore store = new InMemoryFileStore();

    /** As many lanes as before are there then: each of them has to be looked at. */
    @ParameterizedTest
    @EnumSource
    void anotherLaneInPlaceOfTheOneThatIsGoneIsFound(ReadOrder order) {
        try (Table table = table();
                AttemptWriter orphan = attempt(table, "orphan");
                TableReader reader =
                        table.reader(ScanOptions.builder().order(order).build())) {
            assertThat(reader.next()).isFalse();
            FileTree.delete(store, table.layout().lane(LaneName.encode(orphan.name())));
            try (AttemptWriter next = attempt(table, "next")) {
                next.append(StreamRecord.atMillis(0)
                        .key("k".getBytes(StandardCharsets.UTF_8))
                        .value(new byte[] {1})
                        .build());
                table.commit(next.prepare(List.of()));
            }
            assertThat(reader.refresh()).isTrue();
            assertThat(reader.next()).isTrue();
            assertThat(reader.writer()).isEqualTo("next");
            assertThat(reader.next()).isFalse();
        }
    }

    private Table table() {
        return Table.create(
                Path.of("/t"),
                BY_KEY.scheme(),
                TableConfig.defaults(),
                TableEnvironment.deterministic(store, InstantSource.system()));
    }

    private static AttemptWriter attempt(Table table, String name) {
        return table.attempt(WriterOptions.named(name).mapping(BY_KEY).build());
    }
}
