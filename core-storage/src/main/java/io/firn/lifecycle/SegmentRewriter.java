package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.log.CatalogLog;
import io.firn.log.SegmentEntry;
import io.firn.segment.Segment;
import io.firn.segment.SegmentCursor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Compresses and decompresses segments of the catalog, some of them in each rewrite: a force of the catalog for every
 * small file would cost more than the work itself. A damaged segment is reported and stays as it is.
 *
 * <p>Confined to one thread, which lets some workers make the files.
 */
final class SegmentRewriter {
    private static final int MAX_BATCH_SEGMENTS = 64;
    private static final long MAX_BATCH_BYTES = 256L << 20;

    private final RewriteContext context;
    private final CatalogLog catalog;
    private final ColdFiles cold;
    private final ParallelWork workers;
    private final LifecycleReport report;

    SegmentRewriter(RewriteContext context, CatalogLog catalog, ColdFiles cold, int workers, LifecycleReport report) {
        this.workers = new ParallelWork(workers);
        this.context = context;
        this.catalog = catalog;
        this.cold = cold;
        this.report = report;
    }

    /** Compresses hot segments. */
    void compress(List<SegmentEntry> entries) {
        forEachBatch(entries, this::compressOne);
    }

    /** Decompresses cold segments. */
    void decompress(List<SegmentEntry> entries) {
        forEachBatch(entries, this::decompressOne);
    }

    private interface OneRewrite {
        Output run(Rewrite rewrite, SegmentEntry entry);
    }

    private void forEachBatch(List<SegmentEntry> entries, OneRewrite one) {
        List<SegmentEntry> batch = new ArrayList<>();
        long bytes = 0;
        for (SegmentEntry entry : entries) {
            batch.add(entry);
            bytes += entry.rawBytes();
            if (batch.size() == MAX_BATCH_SEGMENTS || bytes >= MAX_BATCH_BYTES) {
                rewrite(batch, one);
                batch.clear();
                bytes = 0;
            }
        }
        if (!batch.isEmpty()) {
            rewrite(batch, one);
        }
    }

    private void rewrite(List<SegmentEntry> batch, OneRewrite one) {
        context.checkSpace(batch.stream().mapToLong(SegmentEntry::rawBytes).sum());
        // In the order of the batch, so that one worker makes the same catalog entries every time.
        Map<SegmentEntry, Output> made = new ConcurrentHashMap<>();
        List<SegmentEntry> done;
        try (Rewrite rewrite = new Rewrite(context, catalog)) {
            workers.forEach(
                    List.copyOf(batch),
                    entry -> tryOne(rewrite, entry, one).ifPresent(output -> made.put(entry, output)));
            done = batch.stream().filter(made::containsKey).toList();
            if (done.isEmpty()) {
                return;
            }
            rewrite.forceOutputs();
            rewrite.publish(List.of(), done.stream().map(SegmentEntry::path).toList());
            done.forEach(entry ->
                    report(entry, Objects.requireNonNull(made.get(entry)).entry()));
        }
        new RewrittenInputs(context, catalog, report).delete(done);
    }

    private Optional<Output> tryOne(Rewrite rewrite, SegmentEntry entry, OneRewrite one) {
        try {
            context.stop().check();
            return Optional.of(one.run(rewrite, entry));
        } catch (CorruptDataException | NotFoundException damaged) {
            report.failed(fileOf(entry), damaged);
            return Optional.empty();
        }
    }

    private Output compressOne(Rewrite rewrite, SegmentEntry entry) {
        return cold.compress(rewrite, fileOf(entry), entry);
    }

    private Output decompressOne(Rewrite rewrite, SegmentEntry entry) {
        Output output = cold.decompress(rewrite, fileOf(entry), entry);
        RecordDigest source = digestOf(fileOf(entry));
        RecordDigest copy = digestOf(output.temporary());
        boolean sameSize = output.entry().sizeBytes() == entry.rawBytes();
        if (!sameSize || !source.matches(copy)) {
            rewrite.withdraw(output);
            throw new CorruptDataException(
                    fileOf(entry),
                    0,
                    "expected " + entry.rawBytes() + " bytes with " + source + ", decompressing gave "
                            + output.entry().sizeBytes() + " bytes with " + copy);
        }
        return output;
    }

    private RecordDigest digestOf(Path file) {
        RecordDigest digest = new RecordDigest();
        try (Segment segment = Segment.open(context.layout().store(), file, context.access());
                SegmentCursor cursor = segment.cursor()) {
            while (cursor.next()) {
                digest.add(cursor.context().lane(), cursor.record());
            }
        }
        return digest;
    }

    private void report(SegmentEntry before, SegmentEntry after) {
        if (after.cold()) {
            report.compressed(before.sizeBytes(), after.sizeBytes());
        } else {
            report.decompressed(before.sizeBytes(), after.sizeBytes());
        }
    }

    private Path fileOf(SegmentEntry entry) {
        return context.layout().resolve(entry.path());
    }
}
