package io.firn.log;

import io.firn.error.NotFoundException;
import io.firn.fs.FileTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes what maintainers before left behind: temporary directories, markers of removals that were never entered, and
 * outputs that no entry made visible.
 *
 * <p>Only after the new owner's base is durable: from then on no earlier maintainer's entry counts. The directories are
 * renamed away first, so that nobody before can bring markers and outputs to their places while these are looked for.
 * Nothing of this epoch or a later one is touched: whoever does this may have been overtaken since. Partitions are
 * walked only when a temporary directory shows that somebody died in the middle of a rewrite.
 */
final class CatalogOrphans {
    private static final String DEAD_SUFFIX = ".dead-";

    private final TableLayout layout;
    private final CatalogState state;
    private final long epoch;
    private final Path temporary;

    /**
     * Creates the search.
     *
     * @param temporary the directory of this epoch
     */
    CatalogOrphans(TableLayout layout, CatalogState state, long epoch, Path temporary) {
        this.layout = layout;
        this.state = state;
        this.epoch = epoch;
        this.temporary = temporary;
    }

    void remove() {
        List<Path> dead = renameAway(layout, epoch);
        // Before the outputs go: a marker promises that what stays of its inputs stands in them.
        ExpiryMarkers.deleteUnconfirmed(layout, state, epoch, temporary);
        if (dead.isEmpty()) {
            return;
        }
        removeOutputs(layout.root(), "");
        dead.forEach(directory -> FileTree.delete(layout.store(), directory));
    }

    /**
     * Renames the temporary directories of lower epochs away: from then on no maintainer before brings anything to its
     * place, or takes it away again.
     *
     * @return the directories under their new names, durably; also those that somebody else had renamed
     */
    static List<Path> renameAway(TableLayout layout, long epoch) {
        List<Path> dead = new ArrayList<>();
        for (String name : layout.store().list(layout.temporary())) {
            if (CatalogLog.epochOfDirectory(name) < epoch) {
                renameAway(layout, epoch, name).ifPresent(dead::add);
            }
        }
        if (!dead.isEmpty()) {
            layout.store().forceDirectory(layout.temporary());
        }
        return dead;
    }

    /**
     * After this a rename by the directory's owner fails: it cannot publish any more. Empty when the directory went
     * away since it was listed: its owner, which has come to its end, takes it along when nothing is in it.
     */
    private static Optional<Path> renameAway(TableLayout layout, long epoch, String name) {
        Path directory = layout.temporary().resolve(name);
        if (name.contains(DEAD_SUFFIX)) {
            return Optional.of(directory);
        }
        Path dead = layout.temporary().resolve(name + DEAD_SUFFIX + epoch);
        try {
            layout.store().rename(directory, dead);
        } catch (NotFoundException ended) {
            if (layout.store().isDirectory(directory)) {
                throw ended;
            }
            return Optional.empty();
        }
        return Optional.of(dead);
    }

    private void removeOutputs(Path directory, String relative) {
        boolean changed = false;
        for (String name : layout.store().list(directory)) {
            Path child = directory.resolve(name);
            String path = relative + name;
            if (isOrphan(name, path)) {
                changed |= PlacedFiles.remove(layout.store(), child, temporary);
            } else if (name.indexOf('=') > 0 && layout.store().isDirectory(child)) {
                removeOutputs(child, path + "/");
            }
        }
        if (changed) {
            // Before the temporary directory goes, which is what makes a successor look here.
            layout.store().forceDirectory(directory);
        }
    }

    private boolean isOrphan(String name, String path) {
        return CatalogLog.epochOfOutput(name)
                .filter(maker -> Integer.compareUnsigned(maker, (int) epoch) < 0
                        && state.segment(path).isEmpty())
                .isPresent();
    }
}
