package io.firn.log;

import io.firn.error.NotFoundException;
import io.firn.error.WriterFencedException;
import io.firn.fs.FileStore;
import java.nio.file.Path;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes files that a maintainer brought to their places away again: back into its temporary directory, where they are
 * deleted. A successor, or who rebuilds the catalog, renames that directory away; from then on nothing more is taken
 * away of what he has found in its place and may count on. Thread-safe; no state.
 */
public final class PlacedFiles {
    private static final Logger LOG = LoggerFactory.getLogger(PlacedFiles.class);

    private PlacedFiles() {}

    /**
     * Takes one file away; the names in its directory are not forced.
     *
     * @param temporary the temporary directory of the maintainer who does it
     * @return false when it was not there
     * @throws WriterFencedException when a successor has the temporary directory; the file stays
     */
    public static boolean remove(FileStore store, Path file, Path temporary) {
        Path away = temporary.resolve(Objects.requireNonNull(file.getFileName()).toString());
        try {
            store.rename(file, away);
        } catch (NotFoundException gone) {
            if (store.exists(file)) {
                throw new WriterFencedException(
                        "Another maintainer has taken over: " + temporary + " is gone; " + file + " is left to it");
            }
            return false;
        }
        try {
            store.delete(away);
        } catch (NotFoundException taken) {
            LOG.debug("a successor deletes it with its directory: path={} cause={}", away, taken.toString());
        }
        return true;
    }
}
