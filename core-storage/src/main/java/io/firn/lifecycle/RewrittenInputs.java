package io.firn.lifecycle;

import io.firn.fs.FileStore;
import io.firn.log.CatalogLog;
import io.firn.log.SegmentEntry;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Deletes files of the catalog that no reader's plan names any more; the process's cache forgets their blocks. (Hot
 * segments of lanes, which {@link HotUnlinker} deletes, have none in a cache.) Confined to one thread.
 */
final class RewrittenInputs {
    private final RewriteContext context;
    private final CatalogLog catalog;
    private final LifecycleReport report;

    RewrittenInputs(RewriteContext context, CatalogLog catalog, LifecycleReport report) {
        this.context = context;
        this.catalog = catalog;
        this.report = report;
    }

    /** Deletes the inputs of a rewrite that was published; what stays after an error is left to the next maintainer. */
    void delete(List<SegmentEntry> inputs) {
        FileStore store = context.layout().store();
        Set<Path> directories = new LinkedHashSet<>();
        Set<String> gone = new HashSet<>();
        try {
            for (SegmentEntry input : inputs) {
                Path file = context.layout().resolve(input.path());
                gone.add(file.toString());
                if (store.delete(file)) {
                    report.deleted(1);
                    directories.add(Objects.requireNonNull(file.getParent()));
                }
            }
            context.forcer().forceDirectories(directories);
        } catch (RuntimeException failed) {
            catalog.leaveToSuccessor();
            throw failed;
        } finally {
            context.access().cache().forgetAll(gone);
        }
    }
}
