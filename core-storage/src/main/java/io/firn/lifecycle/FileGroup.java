package io.firn.lifecycle;

import io.firn.log.SegmentEntry;
import java.util.List;

/**
 * Files of one partition and one tier that are rewritten together.
 *
 * @param partitionPath Hive path of the partition
 * @param cold whether they are compressed; the new files are, too
 * @param files the files, at least one
 */
record FileGroup(String partitionPath, boolean cold, List<SegmentEntry> files) {
    FileGroup {
        files = List.copyOf(files);
    }

    /** About how many bytes the new files have before compression. */
    long rawBytes() {
        return files.stream().mapToLong(SegmentEntry::rawBytes).sum();
    }

    /** Real size of the files. */
    long sizeBytes() {
        return files.stream().mapToLong(SegmentEntry::sizeBytes).sum();
    }

    /** When the newest of them was written, milliseconds. */
    long lastWriteMs() {
        return files.stream().mapToLong(SegmentEntry::lastWriteMs).max().orElse(0);
    }
}
