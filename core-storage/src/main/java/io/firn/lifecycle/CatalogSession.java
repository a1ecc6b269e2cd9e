package io.firn.lifecycle;

import io.firn.fs.FileStore;
import io.firn.log.Catalog;
import io.firn.log.CatalogLog;
import io.firn.log.CatalogState;
import io.firn.log.TableLayout;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The maintainer's hold on the catalog: opened when something is to be written, kept for later runs, taken anew when
 * somebody else opened it, when it failed, or when its log got long. Confined to one thread.
 */
final class CatalogSession implements AutoCloseable {
    /** A catalog log longer than this is replaced by a new epoch with a short base. */
    private static final long MAX_LOG_BYTES = 4L << 20;

    private final TableLayout layout;
    private final InstantSource clock;
    private @Nullable CatalogLog log;
    private long baseBytes;

    CatalogSession(TableLayout layout, InstantSource clock) {
        this.layout = layout;
        this.clock = clock;
    }

    /** What is visible; does not open the catalog for writing. */
    CatalogState state() {
        dropWhenFenced();
        return log == null ? Catalog.read(layout).state() : log.state();
    }

    /** The catalog's log, opened for writing. */
    CatalogLog log() {
        dropWhenFenced();
        if (log != null && log.lengthBytes() - baseBytes > MAX_LOG_BYTES) {
            close();
        }
        if (log == null) {
            log = CatalogLog.openForgetting(layout, clock);
            baseBytes = log.lengthBytes();
        }
        return log;
    }

    /** Removes what a maintainer left that died in a rewrite: opening the catalog does it. */
    void clearLeftovers() {
        dropWhenFenced();
        FileStore store = layout.store();
        boolean leftovers = log == null
                && store.isDirectory(layout.temporary())
                && !store.list(layout.temporary()).isEmpty();
        if (leftovers) {
            log();
        }
    }

    private void dropWhenFenced() {
        if (log != null && log.isFenced()) {
            close();
        }
    }

    @Override
    public void close() {
        CatalogLog open = log;
        log = null;
        if (open != null) {
            open.close();
        }
    }
}
