package io.firn.lifecycle;

import io.firn.log.CatalogLog;
import io.firn.log.SegmentEntry;
import io.firn.segment.SegmentOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rewrites a group of files in a rewrite of its own: the same records with their lanes and sequences, less those that a
 * sieve leaves out; hot from hot files and cold from cold ones.
 *
 * <p>Confined to one thread.
 */
final class GroupRewriter {
    private final RewriteContext context;
    private final CatalogLog catalog;
    private final SegmentOptions options;
    private final ColdFiles cold;
    private final LifecycleReport report;

    GroupRewriter(
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

    /** Rewrites a group with all of its records. */
    CompactionStats rewrite(FileGroup group) {
        return rewrite(group, RecordSieve.ALL, RemovedForEver.NOTHING);
    }

    /**
     * Rewrites a group. On return the new files are visible and durable, the old ones deleted.
     *
     * @param sieve which records are kept
     * @param gone the others, known when all were read
     */
    CompactionStats rewrite(FileGroup group, RecordSieve sieve, RemovedForEver gone) {
        // The new file stands beside its compressed form until the rewrite is over.
        context.checkSpace(group.cold() ? 2 * group.rawBytes() : group.rawBytes());
        RecordDigest digest = new RecordDigest();
        CompactionStats stats;
        try (Rewrite rewrite = new Rewrite(context, catalog)) {
            OutputFiles files = new OutputFiles(
                    rewrite,
                    options,
                    context.clock(),
                    group.cold() ? Optional.of(cold) : Optional.empty(),
                    group.lastWriteMs());
            new Distribution(context.layout().store(), context.access(), files, context.fanOut())
                    .run(new LaneMerge(context, group.files(), sieve, digest), List.of(group.partitionPath()));
            rewrite.forceOutputs();
            new OutputVerifier(context.layout().store(), context.access())
                    .verify(rewrite.outputs(), Map.of(group.partitionPath(), digest));
            rewrite.publish(
                    List.of(), group.files().stream().map(SegmentEntry::path).toList(), gone);
            stats = statsOf(group, rewrite.outputs(), digest.count());
        }
        new RewrittenInputs(context, catalog, report).delete(group.files());
        return stats;
    }

    private static CompactionStats statsOf(FileGroup group, List<Output> outputs, long records) {
        long sizeBytes =
                outputs.stream().mapToLong(output -> output.entry().sizeBytes()).sum();
        return new CompactionStats(group.files().size(), outputs.size(), records, group.sizeBytes(), sizeBytes);
    }
}
