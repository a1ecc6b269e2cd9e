package io.firn.log;

import io.firn.error.CorruptDataException;
import io.firn.fs.FileStore;
import io.firn.segment.Range;
import io.firn.segment.Segment;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentSummary;
import java.nio.file.Path;

/**
 * Opens files of the catalog, and refuses one that is not what the catalog says: of a copy of the table that somebody
 * went on with, or of another partition. Its records would be shown as others, and a rewrite would delete it. By the
 * footer alone; thread-safe: no state.
 */
public final class RewrittenFile {
    private RewrittenFile() {}

    /**
     * Opens a file.
     *
     * @param path where it lies; not yet in its place when it was just made
     * @throws CorruptDataException when it is damaged or another file
     * @throws io.firn.error.NotFoundException when there is none
     */
    public static Segment open(FileStore store, Path path, SegmentEntry entry, SegmentAccess access) {
        Segment segment = Segment.open(store, path, access);
        try {
            check(segment, entry);
            return segment;
        } catch (RuntimeException refused) {
            segment.close();
            throw refused;
        }
    }

    private static void check(Segment segment, SegmentEntry entry) {
        SegmentSummary summary = segment.summary()
                .orElseThrow(() ->
                        new CorruptDataException(segment.path(), entry.sizeBytes(), "expected a footer, found none"));
        compare(segment, "records", entry.records(), summary.recordCount());
        if (entry.records() > 0) {
            Range timestamps = new Range(entry.minTimestampNs(), entry.maxTimestampNs());
            compare(segment, "timestamps", timestamps, summary.timestamps());
        }
        segment.header()
                .partitionPath()
                .ifPresent(partition -> compare(segment, "partition", entry.partitionPath(), partition));
    }

    private static void compare(Segment segment, String what, Object expected, Object found) {
        if (!expected.equals(found)) {
            throw new CorruptDataException(
                    segment.path(),
                    0,
                    "expected " + what + " " + expected + " by the catalog, found " + found
                            + " (was the file copied or renamed from elsewhere?)");
        }
    }
}
