package io.firn.lifecycle.rebuild;

import io.firn.fs.FileStore;
import io.firn.lifecycle.WrittenTable;
import io.firn.table.Table;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.random.RandomGenerator;

/** Loses a table's catalog and has it rebuilt. */
public final class LostCatalog {
    private LostCatalog() {}

    /** Something is missing at the end of the last entry, which its owner has published. */
    public static void cutOff(FileStore store) {
        try (Table table = WrittenTable.open(store)) {
            Path directory = table.layout().catalog();
            String last = store.list(directory).stream()
                    .filter(name -> name.endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            try (var file = store.openWrite(directory.resolve(last))) {
                file.truncate(file.sizeBytes() - 1);
                file.force();
            }
        }
    }

    /** All logs are gone, or their headers or bases are overwritten; so may be what their owner published. */
    public static void lose(FileStore store, RandomGenerator random) {
        try (Table table = WrittenTable.open(store)) {
            Path directory = table.layout().catalog();
            if (random.nextBoolean()) {
                store.delete(directory.resolve("pos"));
            }
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

    public static RebuildReport rebuild(FileStore store) {
        try (Table table = WrittenTable.open(store)) {
            return TableRebuild.catalog(table);
        }
    }
}
