package io.firn.lifecycle;

import io.firn.log.CatalogLog;
import io.firn.segment.SegmentOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings committed records of all lanes into files of one partition each, as one rewrite (rules 21 and 22).
 *
 * <p>Confined to one thread.
 */
final class Settler {
    private final RewriteContext context;
    private final CatalogLog catalog;

    Settler(RewriteContext context, CatalogLog catalog) {
        this.context = context;
        this.catalog = catalog;
    }

    /**
     * Settles what a plan names. On return it is visible in the new files, durable, and removed from the segments of
     * the lanes, which the caller may now unlink.
     *
     * @param options how the new files are written
     * @param cold compresses the new files in the same rewrite; empty to leave them hot
     */
    SettleResult settle(SettlePlan plan, SegmentOptions options, Optional<ColdFiles> cold) {
        return settle(plan, options, cold, RecordSieve.ALL, RemovedForEver.NOTHING);
    }

    /**
     * The same, without some records.
     *
     * @param sieve which records are settled
     * @param gone the others, known when all were read
     */
    SettleResult settle(
            SettlePlan plan, SegmentOptions options, Optional<ColdFiles> cold, RecordSieve sieve, RemovedForEver gone) {
        context.checkSpace(plan.inputBytes());
        HotPass pass = new HotPass(context, plan.inputs(), Set.copyOf(plan.partitions()), sieve);
        try (Rewrite rewrite = new Rewrite(context, catalog)) {
            long lastWriteMs = Math.min(plan.lastWriteMs(), context.clock().millis());
            OutputFiles files = new OutputFiles(rewrite, options, context.clock(), cold, lastWriteMs);
            new Distribution(context.layout().store(), context.access(), files, context.fanOut())
                    .run(pass, plan.partitions());
            rewrite.forceOutputs();
            new OutputVerifier(context.layout().store(), context.access()).verify(rewrite.outputs(), pass.digests());
            rewrite.publish(pass.removals(), List.of(), gone);
            return SettleResult.of(pass, rewrite.outputs());
        }
    }
}
