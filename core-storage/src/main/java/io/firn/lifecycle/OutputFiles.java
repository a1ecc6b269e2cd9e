package io.firn.lifecycle;

import io.firn.log.LaneRange;
import io.firn.log.SegmentEntry;
import io.firn.segment.Range;
import io.firn.segment.SegmentHeader;
import io.firn.segment.SegmentOptions;
import io.firn.segment.SegmentSummary;
import io.firn.segment.SegmentWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Makes the hot files of one rewrite and says what they hold. Confined to one thread.
 */
final class OutputFiles {
    private final Rewrite rewrite;
    private final SegmentOptions options;
    private final InstantSource clock;
    private final Optional<ColdFiles> cold;
    private final long lastWriteMs;

    /**
     * Creates it.
     *
     * @param cold compresses every file that is an output; empty to leave them hot
     * @param lastWriteMs when the newest of the inputs was written, milliseconds
     */
    OutputFiles(
            Rewrite rewrite, SegmentOptions options, InstantSource clock, Optional<ColdFiles> cold, long lastWriteMs) {
        this.rewrite = rewrite;
        this.options = options;
        this.clock = clock;
        this.cold = cold;
        this.lastWriteMs = lastWriteMs;
    }

    Path newFile() {
        return rewrite.temporary(".q");
    }

    /** Removes a file that was needed in between only. */
    void discard(Path file) {
        rewrite.discard(file);
    }

    SegmentHeader.Builder header(Path file) {
        return SegmentHeader.builder(rewrite.layout().tableId())
                .salt(file.getFileName().toString().hashCode())
                .epoch(rewrite.epoch())
                .createdMs(clock.millis());
    }

    SegmentWriter create(Path file, SegmentHeader header) {
        return SegmentWriter.create(rewrite.layout().store(), file, header, options);
    }

    /** A file that holds everything however much it is. */
    SegmentWriter createUnlimited(Path file, SegmentHeader header) {
        return SegmentWriter.create(
                rewrite.layout().store(), file, header, options.withSegmentSizeBytes(Long.MAX_VALUE / 2));
    }

    /** Takes a finished file as an output. */
    void complete(String partitionPath, Path file, SegmentSummary summary) {
        long sizeBytes = rewrite.layout().store().info(file).sizeBytes();
        Range timestamps = summary.timestamps();
        SegmentEntry entry = new SegmentEntry(
                rewrite.finalPath(file, partitionPath),
                partitionPath,
                false,
                sizeBytes,
                sizeBytes,
                summary.recordCount(),
                timestamps.first(),
                timestamps.last(),
                clock.millis(),
                lastWriteMs,
                LaneRange.of(summary));
        if (cold.isPresent()) {
            cold.get().compress(rewrite, file, entry);
            rewrite.discard(file);
        } else {
            rewrite.add(new Output(file, entry, false));
        }
    }
}
