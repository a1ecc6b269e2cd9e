package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import java.util.List;

/**
 * Makes one file of several small ones of the same partition, each group in a rewrite of its own.
 *
 * <p>Confined to one thread.
 */
final class PartitionCompactor {
    private final RewriteContext context;
    private final GroupRewriter rewriter;
    private final LifecycleReport report;

    PartitionCompactor(RewriteContext context, GroupRewriter rewriter, LifecycleReport report) {
        this.context = context;
        this.rewriter = rewriter;
        this.report = report;
    }

    /** Compacts every group; one with a damaged file is reported and stays as it is. */
    void compact(List<FileGroup> groups) {
        for (FileGroup group : groups) {
            context.stop().check();
            try {
                report.compacted(rewriter.rewrite(group));
            } catch (CorruptDataException | NotFoundException damaged) {
                report.failed(context.layout().resolve(group.partitionPath()), damaged);
            }
        }
    }
}
