package io.firn.lifecycle;

import java.util.ArrayList;
import java.util.List;

/**
 * What one run of the lifecycle did, or several together.
 *
 * @param scannedSegments segments that were looked at
 * @param settledRecords records brought from hot segments into files of their partition
 * @param settledSegments files that settling made
 * @param compressedSegments segments that were compressed, those of settling not counted
 * @param decompressedSegments segments that were decompressed
 * @param deletedFiles inputs that were deleted
 * @param bytesBefore size of what was rewritten: committed bytes of hot segments, real size of other files
 * @param bytesAfter real size of the files that were made
 * @param removed partitions that were dropped or have expired
 * @param compaction files that were made of several small ones
 * @param erasure records that were erased, and those that could not be
 * @param skipped what was left for later and why
 * @param errors what failed and why; everything else was done nevertheless
 * @param durationMs duration in milliseconds
 */
public record LifecycleStats(
        int scannedSegments,
        long settledRecords,
        int settledSegments,
        int compressedSegments,
        int decompressedSegments,
        int deletedFiles,
        long bytesBefore,
        long bytesAfter,
        RemovedPartitions removed,
        CompactionStats compaction,
        ErasureStats erasure,
        List<String> skipped,
        List<String> errors,
        long durationMs) {
    /** Nothing was done. */
    public static final LifecycleStats NONE = new LifecycleStats(
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            RemovedPartitions.NONE,
            CompactionStats.NONE,
            ErasureStats.NONE,
            List.of(),
            List.of(),
            0);

    private static final int MAX_MESSAGES = 1_000;

    /** Copies the lists. */
    public LifecycleStats {
        skipped = List.copyOf(skipped);
        errors = List.copyOf(errors);
    }

    /** Whether nothing was rewritten or deleted. */
    public boolean isIdle() {
        return settledSegments == 0
                && compressedSegments == 0
                && decompressedSegments == 0
                && deletedFiles == 0
                && removed.paths().isEmpty()
                && compaction.filesBefore() == 0
                && erasure.records() == 0;
    }

    /** Both together; of many messages only the latest are kept. */
    public LifecycleStats plus(LifecycleStats more) {
        return new LifecycleStats(
                scannedSegments + more.scannedSegments,
                settledRecords + more.settledRecords,
                settledSegments + more.settledSegments,
                compressedSegments + more.compressedSegments,
                decompressedSegments + more.decompressedSegments,
                deletedFiles + more.deletedFiles,
                bytesBefore + more.bytesBefore,
                bytesAfter + more.bytesAfter,
                removed.plus(more.removed),
                compaction.plus(more.compaction),
                erasure.plus(more.erasure),
                latest(skipped, more.skipped),
                latest(errors, more.errors),
                durationMs + more.durationMs);
    }

    private static List<String> latest(List<String> before, List<String> more) {
        List<String> all = new ArrayList<>(before);
        all.addAll(more);
        return all.subList(Math.max(0, all.size() - MAX_MESSAGES), all.size());
    }
}
