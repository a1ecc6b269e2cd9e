package io.firn.series;

import io.firn.table.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of a store that another process may write, from what is committed of it; goes on with it as long as no block
 * consumed it. Confined to one thread at a time.
 */
final class HeadFollowing implements AutoCloseable {
    private final Table table;
    private final StoppedDeletions stopped;
    private @Nullable HeadScan scan;
    private ManifestState known = ManifestState.EMPTY;

    HeadFollowing(Table table, StoppedDeletions stopped) {
        this.table = table;
        this.stopped = stopped;
    }

    /**
     * Reads what is committed.
     *
     * @param manifest where the head begins and what is deleted of it; must be still the same afterwards, else {@link
     *     #close} and read again
     */
    Head read(ManifestState manifest) {
        HeadScan present = scan;
        if (present != null && manifest.consumed().equals(known.consumed())) {
            List<Tombstone> since = new ArrayList<>(manifest.tombstones());
            since.removeAll(known.tombstones());
            known = manifest;
            return present.follow(since).head();
        }
        close();
        long nowMs = table.environment().clock().millis();
        HeadScan begun = HeadScan.begin(table, manifest, stopped, nowMs);
        scan = begun;
        known = manifest;
        return begun.advance().head();
    }

    /** Forgets everything; the next call reads from the beginning. */
    @Override
    public void close() {
        HeadScan present = scan;
        scan = null;
        if (present != null) {
            present.close();
        }
    }
}
