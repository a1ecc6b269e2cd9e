package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileStore;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.partition.MissingFieldPolicy;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A copy of a table in other partitions; a removal in the old one makes another copy necessary. */
final class HistoryCopy {
    private static final PartitionMapping BY_KEY =
            PartitionMapping.parse("k:string=key").withMissingField(MissingFieldPolicy.NULL);

    private final HistoryOracle oracle;
    private int rebuilds;

    HistoryCopy(HistoryOracle oracle) {
        this.oracle = oracle;
    }

    private Path path() {
        return WrittenTable.ROOT.resolveSibling("copy" + oracle.removals() + "-" + rebuilds);
    }

    /** A rebuild of the catalog may complete a removal. */
    void renew() {
        rebuilds++;
    }

    /** Goes on with the copy. */
    List<String> run(FileStore store) {
        try (Table old = WrittenTable.open(store);
                Table copy = TableRepartition.openTarget(old, path(), BY_KEY)) {
            return TableRepartition.of(
                            old, copy, BY_KEY, LifecycleOptions.defaults().withForceThreads(1))
                    .run()
                    .failures();
        }
    }

    /** Nobody does anything meanwhile: afterwards both have the same records. */
    void complete(FileStore store) {
        assertThat(run(store)).as("failures of the copy").isEmpty();
        try (Table old = WrittenTable.open(store);
                Table copy = Table.open(path(), WrittenTable.environment(store))) {
            assertThat(records(copy)).isEqualTo(records(old));
            assertThat(TableVerifier.verify(copy).damages()).isEmpty();
        }
    }

    private static List<String> records(Table table) {
        List<String> records = new ArrayList<>();
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                StreamRecord record = reader.record().toRecord();
                records.add(reader.writer() + " " + reader.record().sequence() + " " + record);
            }
        }
        return records;
    }
}
