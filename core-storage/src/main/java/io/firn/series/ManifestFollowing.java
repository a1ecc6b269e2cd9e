package io.firn.series;

import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import org.jspecify.annotations.Nullable;

/** Reads the committed list of blocks of a store that another process may write, and goes on with it. Single thread. */
final class ManifestFollowing implements AutoCloseable {
    private final Table table;
    private @Nullable TableReader reader;
    private ManifestState state = ManifestState.EMPTY;

    ManifestFollowing(Table table) {
        this.table = table;
    }

    /** What is committed now. After a failure the next call reads everything again. */
    ManifestState read() {
        boolean done = false;
        try {
            TableReader present = begun();
            while (present.next()) {
                state = state.plus(ManifestCodec.decode(present.record(), table.path()));
            }
            done = true;
            return state;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    private TableReader begun() {
        TableReader known = reader;
        if (known != null) {
            known.refresh();
            return known;
        }
        TableReader opened = table.reader(
                ScanOptions.builder().writer(Manifest.WRITER).counted(false).build());
        reader = opened;
        state = ManifestState.EMPTY;
        return opened;
    }

    @Override
    public void close() {
        TableReader known = reader;
        reader = null;
        if (known != null) {
            known.close();
        }
    }
}
