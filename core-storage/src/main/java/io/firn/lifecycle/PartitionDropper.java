package io.firn.lifecycle;

import io.firn.log.CatalogLog;
import io.firn.log.HotInput;
import io.firn.log.SegmentEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Removes whole partitions for ever: a rewrite of N inputs into nothing (rule 19).
 *
 * <p>Hot segments are read once, to note exactly which of their records are removed; the partitions' own files are not
 * read. First a marker is durable, then one entry of the catalog makes everything invisible at once, then files go.
 * Positions and sequences of the lanes stay what they are. Confined to one thread.
 */
final class PartitionDropper {
    private final RewriteContext context;
    private final CatalogLog catalog;
    private final LifecycleReport report;

    PartitionDropper(RewriteContext context, CatalogLog catalog, LifecycleReport report) {
        this.context = context;
        this.catalog = catalog;
        this.report = report;
    }

    /**
     * Removes partitions; hot segments that held some of it may be unlinked by the caller afterwards.
     *
     * @param partitions what they hold by the catalog's present state and the lanes read after it
     * @param inputs hot segments of each lane in their order, lane after lane
     */
    void drop(List<PartitionHoldings> partitions, List<HotInput> inputs) {
        Set<String> paths = new HashSet<>();
        Set<HotInput> holding = new HashSet<>();
        List<SegmentEntry> files = new ArrayList<>();
        for (PartitionHoldings partition : partitions) {
            paths.add(partition.path());
            holding.addAll(partition.hot());
            files.addAll(partition.files());
        }
        RemovalTally tally = new RemovalTally();
        HotPass pass =
                new HotPass(context, inputs.stream().filter(holding::contains).toList(), paths, RecordSieve.ALL);
        pass.into(tally);
        files.forEach(tally::add);
        try (Rewrite rewrite = new Rewrite(context, catalog)) {
            rewrite.publish(
                    pass.removals(), files.stream().map(SegmentEntry::path).toList(), tally);
        }
        report.removed(new RemovedPartitions(
                partitions.stream().map(PartitionHoldings::path).toList(),
                tally.records(),
                partitions.stream().mapToLong(PartitionHoldings::bytes).sum()));
        new RewrittenInputs(context, catalog, report).delete(files);
    }
}
