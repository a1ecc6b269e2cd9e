package io.firn.series;

import io.firn.error.CorruptDataException;
import io.firn.fs.FileStore;
import io.firn.log.TableLayout;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Whether the tables of a store are there. They are made in the order of their names here, and nothing is written
 * before the last one is there: who finds one missing beside one that was written to has lost it, and does not make it
 * again. Thread-safe: no state.
 */
final class StoreTables {
    private static final List<String> NAMES = List.of(StoreParts.SAMPLES, StoreParts.CHUNKS, StoreParts.BLOCKS);
    /** The only writer of each. */
    private static final Map<String, String> WRITERS = Map.of(
            StoreParts.SAMPLES, HeadLog.WRITER,
            StoreParts.CHUNKS, BlockTable.WRITER,
            StoreParts.BLOCKS, Manifest.WRITER);

    private StoreTables() {}

    /** Whether all of them are there. */
    static boolean areIn(Path root, FileStore files) {
        return missing(root, files).isEmpty();
    }

    /**
     * Looks whether a directory holds a part of a store only.
     *
     * @throws CorruptDataException when a table is lost; nothing was changed
     */
    static void requireNoneLost(Path root, TableEnvironment environment) {
        List<String> missing = missing(root, environment.store());
        if (missing.isEmpty() || missing.size() == NAMES.size()) {
            return;
        }
        for (String name : NAMES) {
            // somebody may make the store at this moment: only what is missing behind the look at the writer is lost
            if (!missing.contains(name) && isWritten(root, name, environment) && !areIn(root, environment.store())) {
                throw new CorruptDataException(
                        root.resolve(missing.get(0)),
                        0,
                        "expected a table, because " + root.resolve(name) + " beside it was written by a series store"
                                + " that has the tables " + NAMES + "; found none. It is lost: put it back. A new one"
                                + " would make what the others hold count for nothing");
            }
        }
    }

    private static List<String> missing(Path root, FileStore files) {
        return NAMES.stream()
                .filter(name -> !files.isDirectory(root.resolve(name).resolve(TableLayout.TABLE_DIRECTORY)))
                .toList();
    }

    private static boolean isWritten(Path root, String name, TableEnvironment environment) {
        try (Table table = Table.open(root.resolve(name), environment.withoutCache())) {
            return table.lanes().stream().anyMatch(lane -> lane.writer().equals(WRITERS.get(name)));
        }
    }
}
