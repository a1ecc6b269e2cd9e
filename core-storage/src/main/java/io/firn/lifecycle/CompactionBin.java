package io.firn.lifecycle;

import io.firn.log.SegmentEntry;
import java.util.List;

/**
 * Small files of one partition and one tier that become one file.
 *
 * @param partitionPath Hive path of the partition
 * @param cold whether they are compressed; the new file is, too
 * @param files the files, at least two
 */
record CompactionBin(String partitionPath, boolean cold, List<SegmentEntry> files) {
    CompactionBin {
        files = List.copyOf(files);
    }

    /** About how many bytes the new file has before compression. */
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
