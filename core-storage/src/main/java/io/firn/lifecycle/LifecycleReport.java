package io.firn.lifecycle;

import io.firn.error.FirnException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what a run of the lifecycle did. Confined to one thread, but that others may report failures.
 */
final class LifecycleReport {
    private static final Logger LOG = LoggerFactory.getLogger(LifecycleReport.class);
    private static final int MAX_ERRORS = 1_000;

    private final List<String> errors = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    private int scannedSegments;
    private long settledRecords;
    private int settledSegments;
    private int compressedSegments;
    private int decompressedSegments;
    private int deletedFiles;
    private long bytesBefore;
    private long bytesAfter;
    private RemovedPartitions removed = RemovedPartitions.NONE;
    private CompactionStats compaction = CompactionStats.NONE;
    private ErasureStats erasure = ErasureStats.NONE;

    void scanned(int segments) {
        scannedSegments += segments;
    }

    void settled(SettleResult result) {
        settledRecords += result.records();
        settledSegments += result.segments();
        bytesBefore += result.scannedBytes();
        bytesAfter += result.sizeBytes();
    }

    void compressed(long before, long after) {
        compressedSegments++;
        bytesBefore += before;
        bytesAfter += after;
    }

    void decompressed(long before, long after) {
        decompressedSegments++;
        bytesBefore += before;
        bytesAfter += after;
    }

    void removed(RemovedPartitions partitions) {
        removed = removed.plus(partitions);
    }

    /** Paths of the partitions that were removed in this run. */
    List<String> removedPartitions() {
        return removed.paths();
    }

    void compacted(CompactionStats files) {
        compaction = compaction.plus(files);
        bytesBefore += files.bytesBefore();
        bytesAfter += files.bytesAfter();
    }

    /** Records were erased. */
    synchronized void erased(long records) {
        erasure = erasure.plus(new ErasureStats(records, 0, 0));
    }

    /** Records that are to be erased, or cannot be yet, were found; from any thread. */
    synchronized void found(ErasureStats records) {
        erasure = erasure.plus(records);
    }

    /** A file was made of another one, without some of its records. */
    void rewritten(CompactionStats files) {
        bytesBefore += files.bytesBefore();
        bytesAfter += files.bytesAfter();
    }

    void deleted(int files) {
        deletedFiles += files;
    }

    /** Something was left for later, which is no failure. */
    synchronized void skipped(String what) {
        LOG.debug("skipped: {}", what);
        if (skipped.size() < MAX_ERRORS) {
            skipped.add(what);
        }
    }

    /** Something failed; the run goes on with the rest. */
    synchronized void failed(Path path, FirnException failure) {
        LOG.warn("lifecycle left a file as it was: path={} reason={}", path, failure.getMessage());
        LOG.debug("where it failed: path={}", path, failure);
        if (errors.size() < MAX_ERRORS) {
            errors.add(path + ": " + failure.getMessage());
        }
    }

    /** What was done, for the caller. */
    LifecycleStats toStats(long durationMs) {
        return new LifecycleStats(
                scannedSegments,
                settledRecords,
                settledSegments,
                compressedSegments,
                decompressedSegments,
                deletedFiles,
                bytesBefore,
                bytesAfter,
                removed,
                compaction,
                erasure,
                List.copyOf(skipped),
                List.copyOf(errors),
                durationMs);
    }
}
