package io.firn.lifecycle;

import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import io.firn.log.RewrittenFile;
import io.firn.log.SegmentEntry;
import io.firn.segment.CompressionOptions;
import io.firn.segment.Segment;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentCompression;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Makes cold files of hot ones and hot files of cold ones, as outputs of a rewrite. Thread-safe.
 */
final class ColdFiles {
    private final FileStore store;
    private final SegmentAccess access;
    private final SegmentCompression compression;
    private final CompressionOptions options;
    private final InstantSource clock;

    ColdFiles(FileStore store, SegmentAccess access, CompressionOptions options, InstantSource clock) {
        this.store = store;
        this.access = access;
        this.compression = new SegmentCompression(store, access);
        this.options = options;
        this.clock = clock;
    }

    /**
     * Adds the cold form of a sealed hot file to a rewrite: read back completely and compared, not durable yet, so that
     * the rewrite can make many files durable at once.
     *
     * @param entry what the catalog says of the hot file, or would say
     */
    Output compress(Rewrite rewrite, Path hot, SegmentEntry entry) {
        Path target = rewrite.temporary(".q.zst");
        long sizeBytes;
        try (Segment source = RewrittenFile.open(store, hot, entry, access)) {
            try (StoreFile file = store.createExclusively(target).orElseThrow()) {
                sizeBytes = compression.write(source, file, options);
            }
            compression.verify(source, target);
        }
        Output output = new Output(target, entryOf(rewrite, target, entry, true, sizeBytes), false);
        rewrite.add(output);
        return output;
    }

    /** Adds the hot form of a cold file to a rewrite: durable, the same bytes that it was made of. */
    Output decompress(Rewrite rewrite, Path cold, SegmentEntry entry) {
        Path target = rewrite.temporary(".q");
        long sizeBytes;
        try (Segment source = RewrittenFile.open(store, cold, entry, access)) {
            sizeBytes = compression.decompress(source, target);
        }
        Output output = new Output(target, entryOf(rewrite, target, entry, false, sizeBytes), true);
        rewrite.add(output);
        return output;
    }

    private SegmentEntry entryOf(Rewrite rewrite, Path target, SegmentEntry from, boolean cold, long sizeBytes) {
        return new SegmentEntry(
                rewrite.finalPath(target, from.partitionPath()),
                from.partitionPath(),
                cold,
                sizeBytes,
                from.rawBytes(),
                from.records(),
                from.minTimestampNs(),
                from.maxTimestampNs(),
                clock.millis(),
                from.lastWriteMs(),
                from.lanes());
    }
}
