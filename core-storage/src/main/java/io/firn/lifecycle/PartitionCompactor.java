package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.log.CatalogLog;
import io.firn.log.SegmentEntry;
import io.firn.segment.SegmentOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes one file of several small ones of the same partition, each bin in a rewrite of its own: the same records with
 * their lanes and sequences, hot from hot files and cold from cold ones.
 *
 * <p>Confined to one thread.
 */
final class PartitionCompactor {
    private final RewriteContext context;
    private final CatalogLog catalog;
    private final SegmentOptions options;
    private final ColdFiles cold;
    private final LifecycleReport report;

    PartitionCompactor(
            RewriteContext context,
            CatalogLog catalog,
            SegmentOptions options,
            ColdFiles cold,
            LifecycleReport report) {
        this.context = context;
        this.catalog = catalog;
        this.options = options;
        this.cold = cold;
        this.report = report;
    }

    /** Compacts every bin; one with a damaged file is reported and stays as it is. */
    void compact(List<CompactionBin> bins) {
        for (CompactionBin bin : bins) {
            context.stop().check();
            try {
                compact(bin);
            } catch (CorruptDataException | NotFoundException damaged) {
                report.failed(context.layout().resolve(bin.partitionPath()), damaged);
            }
        }
    }

    private void compact(CompactionBin bin) {
        // The new file stands beside its compressed form until the rewrite is over.
        context.checkSpace(bin.cold() ? 2 * bin.rawBytes() : bin.rawBytes());
        RecordDigest digest = new RecordDigest();
        try (Rewrite rewrite = new Rewrite(context.layout(), catalog, context.forcer())) {
            OutputFiles files = new OutputFiles(
                    rewrite,
                    options,
                    context.clock(),
                    bin.cold() ? Optional.of(cold) : Optional.empty(),
                    bin.lastWriteMs());
            new Distribution(context.layout().store(), context.access(), files, context.fanOut())
                    .run(new LaneMerge(context, bin.files(), digest), List.of(bin.partitionPath()));
            rewrite.forceOutputs();
            new OutputVerifier(context.layout().store(), context.access())
                    .verify(rewrite.outputs(), Map.of(bin.partitionPath(), digest));
            rewrite.publish(
                    List.of(), bin.files().stream().map(SegmentEntry::path).toList());
            report.compacted(new CompactionStats(
                    bin.files().size(),
                    rewrite.outputs().size(),
                    digest.count(),
                    bin.sizeBytes(),
                    rewrite.outputs().stream()
                            .mapToLong(output -> output.entry().sizeBytes())
                            .sum()));
        }
        new RewrittenInputs(context, catalog, report).delete(bin.files());
    }
}
