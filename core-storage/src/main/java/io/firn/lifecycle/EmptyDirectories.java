package io.firn.lifecycle;

import io.firn.access.AccessTracker;
import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import io.firn.log.TableLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Removes directories of partitions in which nothing is left.
 *
 * <p>The file system refuses to remove one that is not empty, and whoever loses a race makes his directory again: a
 * writer when it creates a file, a maintainer with its next run. Not made durable: an empty directory that comes back
 * after a power loss does no harm. Confined to one thread.
 */
final class EmptyDirectories {
    private final TableLayout layout;
    private final StopSignal stop;

    EmptyDirectories(RewriteContext context) {
        this.layout = context.layout();
        this.stop = context.stop();
    }

    /** Removes the directories of some partitions, and those above them. */
    void remove(List<String> partitionPaths) {
        for (String path : partitionPaths) {
            Path directory = layout.resolve(path);
            while (!directory.equals(layout.root()) && removeOne(directory)) {
                directory = Objects.requireNonNull(directory.getParent());
            }
        }
    }

    /** Looks at the directories of all partitions. */
    void removeAll() {
        sweep(layout.root());
    }

    private void sweep(Path directory) {
        FileStore store = layout.store();
        for (String name : store.list(directory)) {
            Path child = directory.resolve(name);
            if (name.indexOf('=') > 0 && store.isDirectory(child)) {
                stop.check();
                sweep(child);
                removeOne(child);
            }
        }
    }

    private boolean removeOne(Path directory) {
        try {
            boolean empty = layout.store().list(directory).stream().allMatch(AccessTracker.LOG_FILE::equals);
            return empty && AccessTracker.deleteEmpty(layout, directory);
        } catch (NotFoundException gone) {
            return true;
        }
    }
}
