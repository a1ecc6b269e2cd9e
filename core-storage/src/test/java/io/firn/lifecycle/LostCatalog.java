package io.firn.lifecycle;

import io.firn.fs.FileStore;
import io.firn.table.Table;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** Loses a table's catalog and has it rebuilt. */
final class LostCatalog {
    private LostCatalog() {}

    /** All logs are gone, or their headers or bases are overwritten. */
    static void lose(FileStore store, RandomGenerator random) {
        try (Table table = WrittenTable.open(store)) {
            var directory = table.layout().catalog();
            boolean delete = random.nextBoolean();
            for (String name : store.list(directory)) {
                if (!name.endsWith(".log")) {
                    continue;
                }
                if (delete) {
                    store.delete(directory.resolve(name));
                } else {
                    try (var file = store.openWrite(directory.resolve(name))) {
                        file.write(ByteBuffer.allocate(24), random.nextInt(70));
                        file.force();
                    }
                }
            }
            store.forceDirectory(directory);
        }
    }

    static RebuildReport rebuild(FileStore store) {
        try (Table table = WrittenTable.open(store)) {
            return TableRebuild.catalog(table);
        }
    }
}
