package io.firn.lifecycle;

import io.firn.error.WriterFencedException;
import io.firn.fs.FileStore;
import io.firn.log.CatalogLog;
import io.firn.log.CatalogState;
import io.firn.log.KnownLogs;
import io.firn.log.TableLayout;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The maintainer's hold on the catalog: opened when something is to be written, kept for later runs, taken anew when
 * somebody else opened it, when it failed, or when its log got long.
 *
 * <p>The view of the lanes is never older than what is told of the catalog: else a segment that the catalog names, and
 * that no lane lists yet, would look like one that its owner has dropped, and be deleted. Confined to one thread.
 */
final class CatalogSession implements AutoCloseable {
    /** A catalog log longer than this is replaced by a new epoch with a short base. */
    private static final long MAX_LOG_BYTES = 4L << 20;

    private final TableLayout layout;
    private final InstantSource clock;
    private final KnownLogs known;
    private final LaneViews lanes;
    private @Nullable CatalogLog log;
    /** What the caller was told last, and may have made a plan of. */
    private @Nullable CatalogState told;

    private long baseBytes;

    /**
     * Creates a session that has not looked yet.
     *
     * @param lanes forgets its view whenever the catalog is looked at anew
     */
    CatalogSession(TableLayout layout, InstantSource clock, KnownLogs known, LaneViews lanes) {
        this.layout = layout;
        this.clock = clock;
        this.known = known;
        this.lanes = lanes;
    }

    /** Begins a run: catalog and lanes are looked at again; a log that ends where it ended is not read again. */
    void begin() {
        if (log != null && log.isFenced()) {
            close();
        }
        forget();
    }

    /**
     * What is visible; does not open the catalog for writing. As long as that is not open, it is looked at once in a
     * run: somebody else's changes come to light when it is opened.
     *
     * @throws WriterFencedException when it was open and somebody else opened it
     */
    CatalogState state() {
        CatalogState state = told;
        if (log != null) {
            checkNotFenced(log);
            state = log.state();
        } else if (state == null) {
            state = known.catalogLocked().state();
        }
        told = state;
        return state;
    }

    /** Ends a run: others see that nothing is under way, and have no reason to open the catalog. */
    void endRun() {
        if (log != null) {
            log.pause();
        }
    }

    private void forget() {
        told = null;
        lanes.forget();
    }

    /**
     * The catalog's log, opened for writing.
     *
     * @throws WriterFencedException when the catalog changed after {@link #state} was asked: a plan that was made of
     *     that could rewrite what is rewritten already
     */
    CatalogLog log() {
        if (log != null) {
            if (!log.resume()) {
                throw overtaken();
            }
            if (log.lengthBytes() - baseBytes > MAX_LOG_BYTES) {
                CatalogState last = log.state();
                close();
                told = last;
            }
        }
        if (log == null) {
            CatalogLog opened = CatalogLog.openForgetting(layout, clock);
            log = opened;
            baseBytes = opened.lengthBytes();
            if (told != null && !isSame(told, opened.state())) {
                throw overtaken();
            }
        }
        return log;
    }

    /** Opening may have forgotten removals; everything else must be as it was planned with. */
    private static boolean isSame(CatalogState planned, CatalogState opened) {
        return List.copyOf(planned.segments()).equals(List.copyOf(opened.segments()))
                && opened.removals().stream()
                        .allMatch(removal -> planned.removal(removal.path())
                                .filter(removal::equals)
                                .isPresent());
    }

    private void checkNotFenced(CatalogLog open) {
        if (open.isFenced()) {
            throw overtaken();
        }
    }

    private WriterFencedException overtaken() {
        close();
        return new WriterFencedException("The catalog of " + layout.root()
                + " changed between planning and acting: another maintainer is at work; run it again");
    }

    /** Removes what a maintainer left that died in a rewrite: opening the catalog does it. */
    void clearLeftovers() {
        FileStore store = layout.store();
        boolean leftovers = log == null
                && store.isDirectory(layout.temporary())
                && !store.list(layout.temporary()).isEmpty();
        if (leftovers) {
            state(); // a damaged catalog is refused here, before anything is written to it
            log();
        }
    }

    @Override
    public void close() {
        CatalogLog open = log;
        log = null;
        forget();
        if (open != null) {
            open.close();
        }
    }
}
